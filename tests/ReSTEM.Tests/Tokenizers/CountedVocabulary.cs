using System.Text.Json;

namespace ReSTEM.Tests;

/// <summary>Small vocabularies made by counting in the repository's own pages, so that tests need no published tokenizer.</summary>
internal static class CountedVocabulary
{
    /// <summary>Any text, with letters of several scripts at its end.</summary>
    internal static string Corpus { get; } = string.Concat(
        Repository.Files("docs", "*.md").Append("README.md").Select(Repository.Read)) + " naïve größer今日は机器学习 русский हिन्दी 한국어 e\u0301 ① ½ ﬁnd İ 👍";

    /// <summary>
    /// Pieces with log probabilities, the characters among them: parts of words with U+2581 for the blank before. Rounded to
    /// 1/1024, so that sums are exact: the reference library reads long decimals with an error, and sums in another order would tie or not by it.
    /// </summary>
    internal static List<(string Piece, double Score)> Scored(int size, bool singlePrecision = false)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (string word in Corpus.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => "\u2581" + word))
        {
            for (int start = 0; start < word.Length; start++)
            {
                for (int length = 1; length <= 8 && start + length <= word.Length; length++)
                {
                    string piece = word.Substring(start, length);
                    bool isCut = char.IsLowSurrogate(piece[0]) || char.IsHighSurrogate(piece[^1]);
                    counts[piece] = counts.GetValueOrDefault(piece) + (isCut ? 0 : 1);
                }
            }
        }

        double total = counts.Values.Sum();
        var characters = counts.Where(entry => entry.Value > 0 && entry.Key.EnumerateRunes().Count() == 1).Select(entry => entry.Key).ToHashSet();
        return
        [
            .. counts.Where(entry => entry.Value > 0)
                .OrderByDescending(entry => characters.Contains(entry.Key)).ThenByDescending(entry => entry.Value * entry.Key.Length)
                .ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(size)
                .Select(entry => (entry.Key, Score: Math.Round(Math.Log(entry.Value / total) * 1024) / 1024))
                .Select(entry => singlePrecision ? (entry.Key, (float)entry.Score) : entry),
        ];
    }

    /// <summary>A unigram model; the unknown token has id 0.</summary>
    internal static string Unigram(int size, bool bytes, string keys = "")
    {
        IEnumerable<(string Piece, double Score)> pieces = [("<unk>", 0.0), .. bytes ? Bytes.Select(piece => (piece, -20.0)) : [], .. Scored(size)];
        string vocabulary = string.Join(", ", pieces.Select(entry => $"[{JsonSerializer.Serialize(entry.Piece)}, {entry.Score:R}]"));
        return $$"""{"type": "Unigram", "unk_id": 0, "byte_fallback": {{(bytes ? "true" : "false")}}{{keys}}, "vocab": [{{vocabulary}}]}""";
    }

    /// <summary>A WordPiece model of word beginnings and, with '##', of what follows; the unknown token has id 0.</summary>
    internal static string WordPiece(int size, int longestWord)
    {
        IEnumerable<string> pieces = Scored(size).Select(entry => entry.Piece).Where(piece => piece != "\u2581")
            .SelectMany(piece => piece[0] == '\u2581' ? [piece[1..]] : piece.Length < 3 ? new[] { piece, "##" + piece } : ["##" + piece]);
        string vocabulary = string.Join(", ", pieces.Prepend("[UNK]").Distinct().Select((piece, id) => $"{JsonSerializer.Serialize(piece)}: {id}"));
        return $$"""
            {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": {{longestWord}}, "vocab": { {{vocabulary}} } }
            """;
    }

    internal static IEnumerable<string> Bytes => Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>");
}
