using System.Text.Json;
using ReSTEM.Tokenizers;

namespace ReSTEM.Models;

/// <summary>Finds the name that llama.cpp has for how a byte-level tokenizer.json cuts text; there the patterns are in the program.</summary>
internal static class GgufPreTokenizer
{
    private const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const string Llama3 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Qwen2 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Digits = "digits";

    /// <summary>Steps joined by blanks, whether whole words go before merges, and the name of that pair.</summary>
    private static readonly (string[] Steps, bool IgnoresMerges, string Name)[] Known =
    [
        ([Gpt2], false, "gpt-2"),
        ([Digits, Gpt2], false, "smollm"),
        ([Llama3], true, "llama-bpe"),
        ([Llama3], false, "dbrx"),
        ([Qwen2], false, "qwen2"),
    ];

    /// <summary>The name.</summary>
    /// <exception cref="InvalidDataException">llama.cpp does not cut text like this.</exception>
    internal static string NameOf(JsonPart root)
    {
        var part = root.Get("pre_tokenizer");
        var steps = part.Type == "Sequence" ? part.Get("pretokenizers").Items() : [part];
        string[] patterns = [.. steps.SelectMany(Patterns)];
        bool ignoresMerges = root.Get("model").Flag("ignore_merges", otherwise: false);
        var same = Known.Where(known => known.Steps.SequenceEqual(patterns)).ToArray();
        if (same.Length > 0)
        {
            return Array.Find(same, known => known.IgnoresMerges == ignoresMerges).Name
                ?? throw root.Get("model").Get("ignore_merges").Bad("true", $"false where text is cut like {same[0].Name}");
        }

        throw part.Bad(
            string.Join(" then ", patterns),
            $"a way to cut text that llama.cpp knows ({string.Join(", ", Known.Select(known => known.Name))}); "
            + "export with --format hf, or for token ids only with --no-tokenizer");
    }

    private static IEnumerable<string> Patterns(JsonPart step)
    {
        switch (step.Type)
        {
            case "ByteLevel":
                if (step.Flag("add_prefix_space", otherwise: true))
                {
                    throw step.Get("add_prefix_space").Bad("true", "false: llama.cpp puts no blank before such text");
                }

                return step.Flag("use_regex", otherwise: true) ? [Gpt2] : [];
            case "Digits" when step.Flag("individual_digits", otherwise: false):
                return [Digits];
            case "Split" when step.Get("behavior").AsString() == nameof(SplitBehavior.Isolated) && !step.Flag("invert", otherwise: false)
                && step.Get("pattern").Element.TryGetProperty("Regex", out JsonElement pattern):
                return [pattern.GetString()!];
            default:
                return [step.Element.GetRawText()];
        }
    }
}
