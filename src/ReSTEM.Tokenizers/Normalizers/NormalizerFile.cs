using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>Reads the <c>normalizer</c> of a tokenizer.json.</summary>
internal static class NormalizerFile
{
    private const string Supported =
        "one of 'NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'Strip', 'StripAccents', 'Replace', 'Prepend', 'Nmt', 'Precompiled', "
        + "'BertNormalizer', 'Sequence'";

    internal static TextNormalizer Read(JsonPart part) => new([.. StepsOf(part, depth: 0)]);

    private static IEnumerable<Func<string, string>> StepsOf(JsonPart part, int depth) => part.Type == "Sequence" && depth < JsonPart.MaxNesting
        ? part.Get("normalizers").Items().SelectMany(step => StepsOf(step, depth + 1))
        : [ReadStep(part)];

    private static Func<string, string> ReadStep(JsonPart step)
    {
        switch (step.Type)
        {
            case "NFC":
                return CanonicalForm.Compose;
            case "NFD":
                return CanonicalForm.Decompose;
            case "NFKC":
                return CanonicalForm.ComposeCompatible;
            case "NFKD":
                return CanonicalForm.DecomposeCompatible;
            case "Lowercase":
                return Characters.Lower;
            case "StripAccents":
                return text => Characters.Keep(text, rune => !Characters.IsMark(rune));
            case "Strip":
                return ReadStrip(step);
            case "Prepend":
                string prefix = step.Get("prepend").AsString();
                return text => text.Length == 0 ? text : prefix + text;
            case "Replace":
                return ReadReplace(step);
            case "Nmt":
                return Nmt;
            case "Precompiled":
                return ReadCharacterMap(step.Get("precompiled_charsmap")).ApplyToClusters;
            case "BertNormalizer":
                bool lowers = step.Flag("lowercase", otherwise: true);
                return new BertNormalizer(
                    step.Flag("clean_text", otherwise: true),
                    step.Flag("handle_chinese_chars", otherwise: true),
                    step.Flag("strip_accents", otherwise: lowers),
                    lowers).Apply;
            default:
                throw step.Get("type").Bad($"'{step.Type}'", Supported);
        }
    }

    private static Func<string, string> ReadStrip(JsonPart step)
    {
        bool left = step.Flag("strip_left", otherwise: true);
        bool right = step.Flag("strip_right", otherwise: true);
        return text => (left, right) switch
        {
            (true, true) => text.Trim(),
            (true, false) => text.TrimStart(),
            (false, true) => text.TrimEnd(),
            _ => text,
        };
    }

    private static Func<string, string> ReadReplace(JsonPart step)
    {
        string content = step.Get("content").AsString();
        ITextPattern pattern = PatternFile.Read(step.Get("pattern"));
        return text => Replace(text, pattern, content);
    }

    internal static string Replace(string text, ITextPattern pattern, string content)
    {
        if (pattern is LiteralPattern literal)
        {
            return text.Replace(literal.Text, content, StringComparison.Ordinal);
        }

        List<(int Start, int Length)> matches = [];
        pattern.Matches(text, matches);
        if (matches.Count == 0)
        {
            return text;
        }

        StringBuilder result = new(text.Length);
        int done = 0;
        foreach ((int start, int length) in matches)
        {
            result.Append(text, done, start - done).Append(content);
            done = start + length;
        }

        return result.Append(text, done, text.Length - done).ToString();
    }

    /// <summary>Google's rules for machine translation: some controls go, every kind of white space becomes a blank.</summary>
    private static string Nmt(string text) => string.Concat(text.Select(character => (int)character switch
    {
        (>= 0x01 and <= 0x08) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or 0x8F or 0x9F => "",
        0x09 or 0x0A or 0x0C or 0x0D or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD => " ",
        _ => character.ToString(),
    }));

    private static CharacterMap ReadCharacterMap(JsonPart part)
    {
        byte[] table = part.AsBytes();
        return CharacterMap.TryRead(table) ?? throw part.Bad($"{table.Length} bytes of something else", "SentencePiece's table of replacements");
    }
}
