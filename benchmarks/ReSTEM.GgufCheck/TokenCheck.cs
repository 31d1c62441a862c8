using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReSTEM.Models;
using ReSTEM.Tokenizers;
using ReSTEM.Tests;

namespace ReSTEM.GgufCheck;

/// <summary>What became of one tokenizer's vectors.</summary>
/// <param name="Name">Its folder.</param>
/// <param name="Count">Texts.</param>
/// <param name="Equal">Texts whose ids are the vector's, with and without special tokens around them.</param>
/// <param name="Back">Vectors whose ids llama.cpp turns into the vector's text; a blank that was put before a text may stand there.</param>
/// <param name="Others">Those that differ.</param>
/// <param name="IsExplained">Whether all of them are texts that the tokenizer composes, as the export has said.</param>
internal sealed record TokenRow(string Name, int Count, int Equal, int Back, IReadOnlyList<string> Others, bool IsExplained)
{
    internal bool Passed => IsExplained && Back == Count;
}

/// <summary>Token ids of llama.cpp beside vectors that were made with the tokenizers' own library.</summary>
internal static class TokenCheck
{
    internal static TokenRow Of(string data, string name, string scratch)
    {
        string source = Path.Combine(data, "tokenizers", name), folder = Path.Combine(scratch, name);
        Directory.CreateDirectory(folder);
        foreach (string file in (string[])["tokenizer.json", "tokenizer_config.json"])
        {
            Copy(source, file, folder);
        }

        int size = Tokenizer.Load(folder).VocabularySize + 3; // ids without tokens, as padded vocabularies have them
        FamilyModels.Write(folder, Config(name, size), seed: 5);
        string gguf = Path.Combine(scratch, $"{name}.gguf");
        using var weights = ModelFolder.Open(folder);
        var notes = GgufModel.Write(gguf, weights, folder, GgufType.F16);
        using var foreign = LlamaCpp.Open(gguf);
        List<string> others = [];
        bool isExplained = true;
        int count = 0, back = 0;
        foreach (string line in Lines(Path.Combine(source, "vectors.jsonl.gz")))
        {
            using var vector = JsonDocument.Parse(line);
            string text = vector.RootElement.GetProperty("text").GetString()!;
            string decoded = vector.RootElement.GetProperty("decoded").GetString()!, theirs = Encoding.UTF8.GetString(foreign.Bytes(Ids(vector, "ids")));
            count++;
            back += theirs == decoded || theirs == " " + decoded ? 1 : 0;
            if (!foreign.Tokenize(text, addSpecial: false).SequenceEqual(Ids(vector, "ids"))
                || !foreign.Tokenize(text, addSpecial: true).SequenceEqual(Ids(vector, "ids_with_special")))
            {
                isExplained &= notes.Count > 0 && CanonicalForm.Compose(text) != text;
                others.Add($"{vector.RootElement.GetProperty("kind").GetString()}: {JsonSerializer.Serialize(text.Length > 40 ? text[..40] + "..." : text)}"
                    + $" is [{string.Join(' ', foreign.Tokenize(text, addSpecial: false))}], expected [{string.Join(' ', Ids(vector, "ids"))}]");
            }
        }

        File.Delete(gguf);
        return new TokenRow(name, count, count - others.Count, back, others, isExplained);
    }

    /// <summary>Added tokens that take the white space after them, as Phi-3 has them: our ids beside llama.cpp's.</summary>
    /// <returns>Texts, and those of them that differ.</returns>
    internal static (int Count, IReadOnlyList<string> Others) Stripping(string data, string scratch)
    {
        string folder = Directory.CreateDirectory(Path.Combine(scratch, "stripping")).FullName;
        Copy(Path.Combine(data, "tokenizers", "mistral_v01_as_llama2"), "tokenizer.json", folder);
        string path = Path.Combine(folder, "tokenizer.json");
        var file = JsonNode.Parse(File.ReadAllText(path))!;
        var added = file["added_tokens"]!.AsArray();
        foreach (var (index, content) in (ReadOnlySpan<(int, string)>)[(0, "<|endoftext|>"), (1, "<|user|>"), (2, "<|end|>")])
        {
            var token = added[1]!.DeepClone();
            (token["id"], token["content"], token["rstrip"]) = (32000 + index, content, index > 0);
            added.Add(token);
        }

        added[2]!["rstrip"] = true; // </s>
        File.WriteAllText(path, file.ToJsonString());
        var config = FamilyModels.With(FamilyModels.All.Single(model => model.Name == "phi3").Config.ToJsonString(), """{"vocab_size": 32064}""");
        FamilyModels.Write(folder, config, seed: 5);
        string gguf = Path.Combine(scratch, "stripping.gguf");
        using var weights = ModelFolder.Open(folder);
        GgufModel.Write(gguf, weights, folder, GgufType.F16);
        using var foreign = LlamaCpp.Open(gguf);
        var tokenizer = Tokenizer.Load(folder);
        string[] texts =
        [
            "<|user|>\nWhat is 2 + 2?<|end|>\n", "<|user|> \n\t What<|end|>  x", "a </s>  b", "a <|endoftext|>  b", "<s>  a <unk> b", "no tokens", "<|end|>\n<|user|>\n\n",
        ];
        return (texts.Length, [.. texts.Where(text => !foreign.Tokenize(text, addSpecial: false).SequenceEqual(tokenizer.Encode(text, addSpecialTokens: false)))]);
    }

    private static int[] Ids(JsonDocument vector, string key) => [.. vector.RootElement.GetProperty(key).EnumerateArray().Select(id => id.GetInt32())];

    private static JsonObject Config(string name, int size)
    {
        string family = name switch { "qwen3" => "qwen2-window-off-tied", _ => "llama" };
        var config = FamilyModels.All.Single(model => model.Name == family).Config.DeepClone().AsObject();
        config["vocab_size"] = size;
        config["tie_word_embeddings"] = true;
        return config;
    }

    private static void Copy(string source, string name, string target)
    {
        string plain = Path.Combine(source, name), packed = plain + ".gz";
        if (File.Exists(plain))
        {
            File.Copy(plain, Path.Combine(target, name));
        }
        else if (File.Exists(packed))
        {
            using var input = new GZipStream(File.OpenRead(packed), CompressionMode.Decompress);
            using var output = File.Create(Path.Combine(target, name));
            input.CopyTo(output);
        }
    }

    private static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
