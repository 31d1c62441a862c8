using System.IO.Compression;
using System.Text.Json;
using ReSTEM.Models;
using ReSTEM.Tokenizers;

namespace ReSTEM.Tests;

/// <summary>Templates of published models, with renderings of another implementation.</summary>
public sealed class ChatVectorTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [DataTheory]
    [InlineData("llama3", 12)]
    [InlineData("qwen3", 12)]
    [InlineData("gemma3", 12)]
    public void A_published_template_renders_as_recorded(string model, int count)
    {
        var template = ChatTemplate.Load(FolderOf(model));
        string[] rows = File.ReadAllLines(SharedData.PathOf($"tokenizers/{model}/chat_vectors.jsonl"));
        Assert.Equal(count, rows.Length);
        foreach (string line in rows)
        {
            JsonElement row = JsonDocument.Parse(line).RootElement;
            var variables = row.EnumerateObject().Where(property => property.Name is "messages" or "add_generation_prompt")
                .ToDictionary(property => property.Name, property => property.Value);
            if (row.GetProperty("error").GetString() is { } error)
            {
                var fault = Assert.Throws<InvalidDataException>(() => template.Render(variables, () => default));
                Assert.Contains(error, fault.Message, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(row.GetProperty("rendered").GetString(), template.Render(variables, () => default));
            }
        }
    }

    // The encoding of a rendered text is that of its parts: every special token in it is found, and none is put before it.
    [DataTheory]
    [InlineData("llama3")]
    [InlineData("qwen3")]
    public void A_rendered_text_is_encoded_with_its_special_tokens_and_no_others(string model)
    {
        using var file = new GZipStream(File.OpenRead(SharedData.PathOf($"tokenizers/{model}/tokenizer.json.gz")), CompressionMode.Decompress);
        var tokenizer = Tokenizer.Load(file, model);
        foreach (string line in File.ReadLines(SharedData.PathOf($"tokenizers/{model}/chat_vectors.jsonl")))
        {
            string rendered = JsonDocument.Parse(line).RootElement.GetProperty("rendered").GetString()!;
            int[] ids = tokenizer.Encode(rendered, addSpecialTokens: false);
            Assert.Equal(rendered, tokenizer.Decode(ids, skipSpecialTokens: false));
            int written = tokenizer.SpecialTokens.Keys.Sum(token => rendered.Split(token).Length - 1);
            Assert.Equal(written, ids.Count(tokenizer.IsSpecial));
        }
    }

    private string FolderOf(string model)
    {
        string plain = SharedData.PathOf($"tokenizers/{model}/tokenizer_config.json");
        string target = _scratch.File("tokenizer_config.json");
        if (File.Exists(plain))
        {
            File.Copy(plain, target);
        }
        else
        {
            using var packed = new GZipStream(File.OpenRead(plain + ".gz"), CompressionMode.Decompress);
            using FileStream file = File.Create(target);
            packed.CopyTo(file);
        }

        return Path.GetDirectoryName(target)!;
    }
}
