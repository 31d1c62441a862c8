using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Tokenizers;

namespace ReSTEM.Tests;

/// <summary>Published tokenizers against what the reference libraries gave for hundreds of texts.</summary>
public sealed class TokenizerVectorTests
{
    private static readonly ConcurrentDictionary<string, Lazy<Tokenizer>> Loaded = new();

    [DataTheory]
    [InlineData("gpt2")]
    [InlineData("llama3")]
    [InlineData("qwen3")]
    [InlineData("gemma3")]
    [InlineData("mistral_v01_as_llama2")]
    public void Every_reference_vector_is_met(string name)
    {
        Tokenizer tokenizer = Load(name);
        List<string> failures = [];
        int count = 0;
        foreach (JsonElement row in Rows($"tokenizers/{name}/vectors.jsonl.gz"))
        {
            count++;
            string text = row.GetProperty("text").GetString()!;
            int[] ids = Ids(row, "ids");
            Check("ids", ids.SequenceEqual(tokenizer.Encode(text, addSpecialTokens: false)));
            Check("ids_with_special", Ids(row, "ids_with_special").SequenceEqual(tokenizer.Encode(text, addSpecialTokens: true)));
            Check("decoded", row.GetProperty("decoded").GetString() == tokenizer.Decode(ids, skipSpecialTokens: false));
            Check("decoded_skip_special", row.GetProperty("decoded_skip_special").GetString() == tokenizer.Decode(ids, skipSpecialTokens: true));
            Check("decoded one by one", row.GetProperty("decoded").GetString() == DecodeOneByOne(tokenizer, ids));

            void Check(string what, bool holds)
            {
                if (!holds)
                {
                    failures.Add($"{what} of {row.GetProperty("kind").GetString()} {JsonSerializer.Serialize(text[..Math.Min(60, text.Length)])}");
                }
            }
        }

        Assert.True(count >= 190, $"{count} rows");
        Assert.Empty(failures);
    }

    [DataTheory]
    [InlineData("gpt2", "gpt-2")]
    [InlineData("llama3", "llama-bpe")]
    [InlineData("qwen3", "qwen2")]
    public void Every_vector_of_another_implementation_is_met(string name, string vectors)
    {
        Tokenizer tokenizer = Load(name);
        List<JsonElement> rows = [.. Rows($"tokenizers/llamacpp/{vectors}.jsonl")];
        Assert.Equal(46, rows.Count);
        Assert.All(rows, row => Assert.Equal(
            Ids(row, "ids"), tokenizer.Encode(row.GetProperty("text").GetString()!, addSpecialTokens: false)));
    }

    [DataTheory]
    [InlineData("gpt2", 50257)]
    [InlineData("llama3", 128256)]
    [InlineData("qwen3", 151669)]
    public void Vocabulary_covers_model_and_added_tokens(string name, int size) => Assert.Equal(size, Load(name).VocabularySize);

    [DataFact]
    public void Many_threads_get_what_one_gets()
    {
        Tokenizer tokenizer = Load("gpt2");
        string[] texts = [.. Rows("tokenizers/gpt2/vectors.jsonl.gz").Select(row => row.GetProperty("text").GetString()!)];
        int[][] expected = [.. texts.Select(text => tokenizer.Encode(text, addSpecialTokens: false))];
        Parallel.For(0, 4 * texts.Length, i => Assert.Equal(
            expected[i % texts.Length], tokenizer.Encode(texts[i % texts.Length], addSpecialTokens: false)));
    }

    private static string DecodeOneByOne(Tokenizer tokenizer, int[] ids)
    {
        ITextStream decoder = tokenizer.CreateDecoder(skipSpecialTokens: false);
        return string.Concat(ids.Select(decoder.Append)) + decoder.Finish();
    }

    private static Tokenizer Load(string name) => Loaded.GetOrAdd(name, static name => new Lazy<Tokenizer>(() =>
    {
        string file = SharedData.PathOf($"tokenizers/{name}/tokenizer.json.gz");
        using GZipStream stream = new(File.OpenRead(file), CompressionMode.Decompress);
        return Tokenizer.Load(stream, file);
    })).Value;

    private static IEnumerable<JsonElement> Rows(string relative)
    {
        using Stream file = File.OpenRead(SharedData.PathOf(relative));
        using Stream stream = relative.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using StreamReader reader = new(stream);
        foreach (string line in reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            yield return JsonDocument.Parse(line).RootElement;
        }
    }

    private static int[] Ids(JsonElement row, string key) => [.. row.GetProperty(key).EnumerateArray().Select(id => id.GetInt32())];
}
