namespace ReSTEM.Tokenizers;

/// <summary>Matches any of a set of texts, at one place the longest.</summary>
internal sealed class SymbolPattern(TextTrie symbols) : ITextPattern
{
    public void Matches(ReadOnlySpan<char> text, List<(int Start, int Length)> matches)
    {
        matches.Clear();
        for (int i = 0; i < text.Length;)
        {
            int length = symbols.LongestAt(text[i..]).Length;
            if (length > 0)
            {
                matches.Add((i, length));
            }

            i += Math.Max(length, 1);
        }
    }
}
