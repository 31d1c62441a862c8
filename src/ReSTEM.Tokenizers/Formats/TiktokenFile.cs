using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>Reads tiktoken's text files: on each line the bytes of a token in base64, a blank and its rank, which is its id.</summary>
/// <remarks>Neighbours merge whose bytes together are a token, the lowest rank first; a piece that is a token as a whole is that token.</remarks>
internal static class TiktokenFile
{
    /// <summary>The pattern of o200k_base, GPT-4o's.</summary>
    private const string O200k =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        + @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        + @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Published encodings, by the name of their file.</summary>
    private static readonly Dictionary<string, string> KnownPatterns = new(StringComparer.Ordinal)
    {
        ["gpt2"] = ScannedPattern.Gpt2,
        ["r50k_base"] = ScannedPattern.Gpt2,
        ["p50k_base"] = ScannedPattern.Gpt2,
        ["cl100k_base"] = ScannedPattern.Llama3,
        ["o200k_base"] = O200k,
    };

    /// <summary>Whether a file begins as such a text does.</summary>
    internal static bool IsText(ReadOnlySpan<byte> file)
    {
        int end = file.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = file[..(end < 0 ? file.Length : end)];
        int blank = line.IndexOf((byte)' ');
        return blank > 0 && Base64.IsValid(line[..blank]) && !line[(blank + 1)..].TrimEnd((byte)'\r').ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <exception cref="InvalidDataException">The file is damaged, or nothing says how text is split; the message names it.</exception>
    internal static Tokenizer Read(ReadOnlySpan<byte> bytes, TokenizerSettings settings, string file)
    {
        Dictionary<string, int> ids = ReadRanks(bytes, file);
        Vocabulary vocabulary = new(ids, settings.WithAddedTokens([], ids));
        List<(int Left, int Right, int Merged, int Rank)> merges = [];
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach ((string token, int id) in ids)
        {
            for (int cut = 1; cut < token.Length; cut++)
            {
                if (lookup.TryGetValue(token.AsSpan(0, cut), out int left) && lookup.TryGetValue(token.AsSpan(cut), out int right))
                {
                    merges.Add((left, right, id, id));
                }
            }
        }

        TextSplitter splitter = new(PatternOf(settings, file), SplitBehavior.Isolated, invert: false);
        return new Tokenizer(
            vocabulary,
            TextNormalizer.None,
            new PreTokenizer([splitter]),
            new ByteLevelEncoder(vocabulary, new MergeTable(merges, merges.Count), ignoreMerges: true),
            settings.Template(vocabulary, "<|begin_of_text|>", "<|end_of_text|>", file),
            [next => new ByteLevelStep(next)]);
    }

    private static ITextPattern PatternOf(TokenizerSettings settings, string file)
    {
        if (settings.Pattern is { } pattern)
        {
            return PatternFile.Of(pattern.AsString(), pattern);
        }

        return KnownPatterns.TryGetValue(Path.GetFileNameWithoutExtension(file), out string? known)
            ? PatternFile.Of(known)
            : throw new InvalidDataException(
                $"{file}: the pattern that splits text is not known, expected 'pat_str' in tokenizer_config.json, or a file named "
                + $"{string.Join(", ", KnownPatterns.Keys.Select(name => name + ".tiktoken"))}.");
    }

    private static Dictionary<string, int> ReadRanks(ReadOnlySpan<byte> bytes, string file)
    {
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        HashSet<int> seen = [];
        int number = 0;
        foreach (Range range in bytes.Split((byte)'\n'))
        {
            number++;
            ReadOnlySpan<byte> line = bytes[range].TrimEnd((byte)'\r');
            if (line.Length == 0)
            {
                continue;
            }

            int blank = line.IndexOf((byte)' ');
            byte[] token = new byte[Math.Max(blank, 0)];
            bool isBase64 = Base64.DecodeFromUtf8(line[..Math.Max(blank, 0)], token, out _, out int length) == OperationStatus.Done && length > 0;
            bool isRank = int.TryParse(line[(blank + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int rank) && rank <= TokenizerFile.MaxTokenId;
            if (!isBase64 || !isRank || !seen.Add(rank) || !ids.TryAdd(ByteAlphabet.Write(token.AsSpan(0, length)), rank))
            {
                string shown = JsonPart.OneLine(Encoding.Latin1.GetString(line[..Math.Min(line.Length, 60)]));
                throw new InvalidDataException(
                    $"{file}:{number}: the line is '{shown}', expected a token in base64 and its rank from 0 to {TokenizerFile.MaxTokenId}, each once.");
            }
        }

        return ids;
    }
}
