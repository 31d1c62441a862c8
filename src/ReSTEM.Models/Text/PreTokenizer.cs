namespace ReSTEM.Models;

/// <summary>Cuts normalised text into the pieces that are merged each on its own.</summary>
/// <param name="steps">Splitters, applied one after the other to every piece.</param>
/// <param name="isByteLevel">Whether pieces are merged as bytes.</param>
/// <param name="addsPrefixSpace">Whether a blank is put before text that does not start with one; where the splitter after it stands.</param>
internal sealed class PreTokenizer(IReadOnlyList<TextSplitter> steps, bool isByteLevel, int? addsPrefixSpace)
{
    /// <summary>The pattern of GPT-2, which a ByteLevel pre-tokenizer implies.</summary>
    private const string ByteLevelPattern =
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>Leaves text in one piece.</summary>
    internal static PreTokenizer None { get; } = new([], isByteLevel: false, addsPrefixSpace: null);

    internal bool IsByteLevel => isByteLevel;

    /// <summary>The pieces of a text, in order; a prefix blank makes some of them new strings.</summary>
    internal void Split(ReadOnlySpan<char> text, PieceReceiver receive)
    {
        List<(int Start, int Length)> pieces = text.Length > 0 ? [(0, text.Length)] : [];
        List<(int Start, int Length)> next = [];
        for (int step = 0; step < steps.Count; step++)
        {
            if (step == addsPrefixSpace)
            {
                break;
            }

            SplitAll(text, steps[step], pieces, next);
            (pieces, next) = (next, pieces);
        }

        foreach ((int start, int length) in pieces)
        {
            ReadOnlySpan<char> piece = text.Slice(start, length);
            if (addsPrefixSpace is not null)
            {
                SplitPrefixed(piece[0] == ' ' ? piece : $" {piece}", receive);
            }
            else
            {
                receive(piece);
            }
        }
    }

    private void SplitPrefixed(ReadOnlySpan<char> text, PieceReceiver receive)
    {
        List<(int Start, int Length)> pieces = [(0, text.Length)];
        List<(int Start, int Length)> next = [];
        for (int step = addsPrefixSpace!.Value; step < steps.Count; step++)
        {
            SplitAll(text, steps[step], pieces, next);
            (pieces, next) = (next, pieces);
        }

        foreach ((int start, int length) in pieces)
        {
            receive(text.Slice(start, length));
        }
    }

    private static void SplitAll(
        ReadOnlySpan<char> text, TextSplitter splitter, List<(int Start, int Length)> pieces, List<(int Start, int Length)> result)
    {
        result.Clear();
        foreach ((int start, int length) in pieces)
        {
            splitter.Split(text.Slice(start, length), start, result);
        }
    }

    /// <summary>Reads the <c>pre_tokenizer</c> of a tokenizer.json.</summary>
    internal static PreTokenizer Read(JsonPart part)
    {
        List<TextSplitter> steps = [];
        bool isByteLevel = false;
        int? addsPrefixSpace = null;
        foreach (JsonPart step in part.Type == "Sequence" ? part.Get("pretokenizers").Items() : [part])
        {
            if (isByteLevel)
            {
                throw step.Get("type").Bad(step.Type, "nothing after 'ByteLevel'");
            }

            if (step.Type != "ByteLevel")
            {
                steps.Add(ReadSplitter(step));
                continue;
            }

            isByteLevel = true;
            if (step.Flag("add_prefix_space", otherwise: true))
            {
                addsPrefixSpace = steps.Count;
            }

            if (step.Flag("use_regex", otherwise: true))
            {
                steps.Add(new TextSplitter(new CodePointRegex(ByteLevelPattern), SplitBehavior.Isolated, invert: false));
            }
        }

        return new PreTokenizer(steps, isByteLevel, addsPrefixSpace);
    }

    private static TextSplitter ReadSplitter(JsonPart step) => step.Type switch
    {
        "Split" => new TextSplitter(ReadPattern(step.Get("pattern")), ReadBehavior(step), step.Flag("invert", otherwise: false)),
        "Digits" => new TextSplitter(
            new CodePointRegex(@"\p{N}"),
            step.Flag("individual_digits", otherwise: false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous,
            invert: false),
        "Punctuation" => new TextSplitter(new CodePointRegex(@"[\p{P}$+<=>^`|~]"), ReadBehavior(step), invert: false),
        "WhitespaceSplit" => new TextSplitter(new CodePointRegex(@"\s"), SplitBehavior.Removed, invert: false),
        _ => throw step.Get("type").Bad(
            $"'{step.Type}'", "one of 'ByteLevel', 'Split', 'Digits', 'Punctuation', 'WhitespaceSplit', 'Sequence'"),
    };

    private static CodePointRegex ReadPattern(JsonPart pattern)
    {
        JsonPart source = pattern.Get(pattern.Lacks("String") ? "Regex" : "String");
        string text = source.AsString();
        try
        {
            return new CodePointRegex(source.Path.EndsWith("String", StringComparison.Ordinal) ? Quote(text) : text);
        }
        catch (FormatException exception)
        {
            throw source.Bad(exception.Message, "a pattern that can be carried over exactly");
        }
    }

    private static string Quote(string text) =>
        string.Concat(text.Select(character => char.IsAsciiLetterOrDigit(character) ? $"{character}" : $"\\{character}"));

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

/// <summary>Takes one piece; the span is valid during the call only.</summary>
internal delegate void PieceReceiver(ReadOnlySpan<char> piece);
