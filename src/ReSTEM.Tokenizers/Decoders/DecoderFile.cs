namespace ReSTEM.Tokenizers;

/// <summary>Reads the <c>decoder</c> of a tokenizer.json.</summary>
internal static class DecoderFile
{
    private const string Supported = "one of 'ByteLevel', 'WordPiece', 'Metaspace', 'BPEDecoder', 'ByteFallback', 'Replace', 'Strip', 'Fuse', 'Sequence'";

    /// <summary>What English writes without a blank before it, as the WordPiece decoder knows it.</summary>
    private static readonly (string Apart, string Together)[] English =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"),
        (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    /// <summary>Where a file has no decoder: tokens with blanks between.</summary>
    internal static IReadOnlyList<Func<Action<string>, IDecoderStep>> Joining { get; } =
        [Each((token, index) => index == 0 ? token : $" {token}")];

    /// <summary>What makes each step of a fresh decoder, in order.</summary>
    internal static IReadOnlyList<Func<Action<string>, IDecoderStep>> Read(JsonPart part)
    {
        List<Func<Action<string>, IDecoderStep>> steps = [];
        bool isWhole = false;
        foreach (JsonPart step in Flatten(part, depth: 0))
        {
            bool fuses = step.Type is "Fuse" or "ByteLevel";
            if (isWhole && step.Type is not ("Fuse" or "Strip"))
            {
                throw step.Get("type").Bad($"'{step.Type}'", "nothing but 'Strip' after 'Fuse' or 'ByteLevel'");
            }

            if (step.Type != "Fuse")
            {
                steps.Add(isWhole ? ReadWholeStrip(step) : ReadStep(step));
            }

            isWhole |= fuses;
        }

        return steps;
    }

    private static IEnumerable<JsonPart> Flatten(JsonPart part, int depth) => part.Type == "Sequence" && depth < JsonPart.MaxNesting
        ? part.Get("decoders").Items().SelectMany(step => Flatten(step, depth + 1))
        : [part];

    private static Func<Action<string>, IDecoderStep> ReadStep(JsonPart step)
    {
        switch (step.Type)
        {
            case "ByteLevel":
                return next => new ByteLevelStep(next);
            case "ByteFallback":
                return next => new ByteFallbackStep(next);
            case "Replace":
                ITextPattern pattern = PatternFile.Read(step.Get("pattern"));
                string content = step.Get("content").AsString();
                return Each((token, _) => NormalizerFile.Replace(token, pattern, content));
            case "Strip":
                (char stripped, int start, int stop) = ReadStrip(step);
                return Each((token, _) => Strip(token, stripped, start, stop));
            case "WordPiece":
                return ReadWordPiece(step);
            case "Metaspace":
                (char replacement, PrependScheme scheme) = PreTokenizerFile.ReadMetaspaceParts(step);
                return Each((token, index) => index == 0 && scheme != PrependScheme.Never
                    ? token.Replace(replacement.ToString(), "", StringComparison.Ordinal)
                    : token.Replace(replacement, ' '));
            case "BPEDecoder":
                JsonPart suffix = step.Get("suffix");
                string text = suffix.AsString();
                return text.Length > 0 ? next => new SuffixStep(text, next) : throw suffix.Bad("empty", "some text");
            default:
                throw step.Get("type").Bad($"'{step.Type}'", Supported);
        }
    }

    private static Func<Action<string>, IDecoderStep> ReadWordPiece(JsonPart step)
    {
        string prefix = step.Get("prefix").AsString();
        bool cleansUp = step.Flag("cleanup", otherwise: true);
        return Each((token, index) =>
        {
            bool continues = token.StartsWith(prefix, StringComparison.Ordinal);
            token = index == 0 ? token : continues ? token[prefix.Length..] : $" {token}";
            foreach ((string apart, string together) in cleansUp ? English : [])
            {
                token = token.Replace(apart, together, StringComparison.Ordinal);
            }

            return token;
        });
    }

    private static Func<Action<string>, IDecoderStep> ReadWholeStrip(JsonPart step)
    {
        (char content, int start, int stop) = ReadStrip(step);
        return next => new WholeStripStep(content, start, stop, next);
    }

    private static (char Content, int Start, int Stop) ReadStrip(JsonPart step)
    {
        string content = step.Get("content").AsString();
        return content.Length == 1
            ? (content[0], step.Get("start").AsTokenId(), step.Get("stop").AsTokenId())
            : throw step.Get("content").Bad($"'{content}'", "one character up to U+FFFF");
    }

    private static string Strip(string token, char content, int start, int stop)
    {
        int from = 0;
        while (from < token.Length && from < start && token[from] == content)
        {
            from++;
        }

        int to = token.Length;
        while (to > from && token.Length - to < stop && token[to - 1] == content)
        {
            to--;
        }

        return token[from..to];
    }

    private static Func<Action<string>, IDecoderStep> Each(Func<string, int, string> change) => next => new TokenStep(change, next);
}
