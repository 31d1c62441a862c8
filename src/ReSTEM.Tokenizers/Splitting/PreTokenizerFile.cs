namespace ReSTEM.Tokenizers;

/// <summary>Reads the <c>pre_tokenizer</c> of a tokenizer.json.</summary>
internal static class PreTokenizerFile
{
    private const string Supported =
        "one of 'ByteLevel', 'Split', 'Digits', 'Punctuation', 'Whitespace', 'WhitespaceSplit', 'BertPreTokenizer', 'Metaspace', "
        + "'CharDelimiterSplit', 'Sequence'";

    private static readonly CodePointRegex Blanks = new(@"\s");
    private static readonly CodePointRegex Numbers = new(@"\p{N}");
    private static readonly CodePointRegex Punctuation = new(@"[\p{P}$+<=>^`|~]");

    /// <summary>The steps, and whether the pieces are to be read as bytes after them.</summary>
    internal static (List<IPreTokenizerStep> Steps, bool IsByteLevel) Read(JsonPart part)
    {
        List<IPreTokenizerStep> steps = [];
        bool isByteLevel = false;
        foreach (JsonPart step in Flatten(part, depth: 0))
        {
            if (isByteLevel)
            {
                throw step.Get("type").Bad($"'{step.Type}'", "nothing after 'ByteLevel'");
            }

            isByteLevel = step.Type == "ByteLevel";
            steps.AddRange(isByteLevel ? ReadByteLevel(step) : ReadSteps(step));
        }

        return (steps, isByteLevel);
    }

    private static IEnumerable<JsonPart> Flatten(JsonPart part, int depth) => part.Type == "Sequence" && depth < JsonPart.MaxNesting
        ? part.Get("pretokenizers").Items().SelectMany(step => Flatten(step, depth + 1))
        : [part];

    private static IEnumerable<IPreTokenizerStep> ReadByteLevel(JsonPart step)
    {
        if (step.Flag("add_prefix_space", otherwise: true))
        {
            yield return new PrefixStep(" ", PrependScheme.Always, onlyWhereMissing: true);
        }

        if (step.Flag("use_regex", otherwise: true))
        {
            yield return new TextSplitter(PatternFile.Of(ScannedPattern.Gpt2), SplitBehavior.Isolated, invert: false);
        }
    }

    private static IPreTokenizerStep[] ReadSteps(JsonPart step) => step.Type switch
    {
        "Split" => [new TextSplitter(PatternFile.Read(step.Get("pattern")), ReadBehavior(step), step.Flag("invert", otherwise: false))],
        "Digits" =>
        [
            Splitter(Numbers, step.Flag("individual_digits", otherwise: false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
        ],
        "Punctuation" => [Splitter(Punctuation, ReadBehavior(step))],
        "Whitespace" => [new TextSplitter(new WordPattern(), SplitBehavior.Removed, invert: true)],
        "WhitespaceSplit" => [Splitter(Blanks, SplitBehavior.Removed)],
        "BertPreTokenizer" => [Splitter(Blanks, SplitBehavior.Removed), Splitter(Punctuation, SplitBehavior.Isolated)],
        "CharDelimiterSplit" => [new TextSplitter(ReadDelimiter(step.Get("delimiter")), SplitBehavior.Removed, invert: false)],
        "Metaspace" => [.. ReadMetaspace(step)],
        _ => throw step.Get("type").Bad($"'{step.Type}'", Supported),
    };

    private static TextSplitter Splitter(CodePointRegex pattern, SplitBehavior behavior) => new(pattern, behavior, invert: false);

    private static LiteralPattern ReadDelimiter(JsonPart delimiter)
    {
        string text = delimiter.AsString();
        return text.EnumerateRunes().Count() == 1 ? new LiteralPattern(text) : throw delimiter.Bad($"'{text}'", "one character");
    }

    private static IEnumerable<IPreTokenizerStep> ReadMetaspace(JsonPart step)
    {
        (char replacement, PrependScheme scheme) = ReadMetaspaceParts(step);
        yield return new ReplaceStep(' ', replacement);
        yield return new PrefixStep(replacement.ToString(), scheme, onlyWhereMissing: true);
        if (step.Flag("split", otherwise: true))
        {
            yield return new TextSplitter(new LiteralPattern(replacement.ToString()), SplitBehavior.MergedWithNext, invert: false);
        }
    }

    /// <summary>What stands for a blank, and where one is put before; files of before 2024 say the latter as <c>add_prefix_space</c>.</summary>
    internal static (char Replacement, PrependScheme Scheme) ReadMetaspaceParts(JsonPart step)
    {
        string replacement = step.Get("replacement").AsString();
        if (replacement.Length != 1)
        {
            throw step.Get("replacement").Bad($"'{replacement}'", "one character up to U+FFFF");
        }

        bool never = !step.Flag("add_prefix_space", otherwise: true);
        if (step.Lacks("prepend_scheme"))
        {
            return (replacement[0], never ? PrependScheme.Never : PrependScheme.Always);
        }

        JsonPart scheme = step.Get("prepend_scheme");
        return (replacement[0], never ? PrependScheme.Never : scheme.AsString() switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            string other => throw scheme.Bad($"'{other}'", "'always', 'first' or 'never'"),
        });
    }

    private static SplitBehavior ReadBehavior(JsonPart step)
    {
        if (step.Type == "Punctuation" && step.Lacks("behavior"))
        {
            return SplitBehavior.Isolated;
        }

        string name = step.Get("behavior").AsString();
        return Enum.GetNames<SplitBehavior>().Contains(name)
            ? Enum.Parse<SplitBehavior>(name)
            : throw step.Get("behavior").Bad($"'{name}'", $"one of {string.Join(", ", Enum.GetNames<SplitBehavior>())}");
    }
}
