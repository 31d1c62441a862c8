namespace ReSTEM.Tokenizers;

/// <summary>Matches a text as it is written.</summary>
/// <param name="text">Not empty.</param>
internal sealed class LiteralPattern(string text) : ITextPattern
{
    internal string Text => text;

    public void Matches(ReadOnlySpan<char> searched, List<(int Start, int Length)> matches)
    {
        matches.Clear();
        int done = 0;
        while (searched[done..].IndexOf(text, StringComparison.Ordinal) is >= 0 and int skipped)
        {
            matches.Add((done + skipped, text.Length));
            done += skipped + text.Length;
        }
    }
}
