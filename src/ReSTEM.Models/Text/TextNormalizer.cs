namespace ReSTEM.Models;

/// <summary>The changes made to text before it is cut into pieces, in order.</summary>
internal sealed class TextNormalizer(IReadOnlyList<Func<string, string>> steps)
{
    internal static TextNormalizer None { get; } = new([]);

    internal string Apply(string text)
    {
        foreach (Func<string, string> step in steps)
        {
            text = step(text);
        }

        return text;
    }

    /// <summary>Reads the <c>normalizer</c> of a tokenizer.json.</summary>
    internal static TextNormalizer Read(JsonPart part)
    {
        List<Func<string, string>> steps = [];
        foreach (JsonPart step in part.Type == "Sequence" ? part.Get("normalizers").Items() : [part])
        {
            steps.Add(ReadStep(step));
        }

        return new TextNormalizer(steps);
    }

    private static Func<string, string> ReadStep(JsonPart step)
    {
        switch (step.Type)
        {
            case "NFC":
                return CanonicalForm.Compose;
            case "NFD":
                return CanonicalForm.Decompose;
            case "Prepend":
                string prefix = step.Get("prepend").AsString();
                return text => text.Length == 0 ? text : prefix + text;
            case "Replace":
                string old = step.Get("pattern").Get("String").AsString();
                string replacement = step.Get("content").AsString();
                return old.Length > 0
                    ? text => text.Replace(old, replacement, StringComparison.Ordinal)
                    : throw step.Get("pattern").Bad("empty", "some text");
            default:
                throw step.Get("type").Bad($"'{step.Type}'", "one of 'NFC', 'NFD', 'Prepend', 'Replace', 'Sequence'");
        }
    }
}
