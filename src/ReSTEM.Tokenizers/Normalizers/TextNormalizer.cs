namespace ReSTEM.Tokenizers;

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
}
