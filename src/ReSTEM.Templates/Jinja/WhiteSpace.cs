namespace ReSTEM.Templates;

/// <summary>White space as Python counts it: also the four separators before the blank, which .NET leaves out.</summary>
internal static class WhiteSpace
{
    internal static bool Is(char character) => char.IsWhiteSpace(character) || character is >= '\x1c' and <= '\x1f';

    internal static bool IsAll(ReadOnlySpan<char> text)
    {
        foreach (char character in text)
        {
            if (!Is(character))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The first offset at or after the given one that holds no white space.</summary>
    internal static int Skip(string text, int position)
    {
        while (position < text.Length && Is(text[position]))
        {
            position++;
        }

        return position;
    }

    internal static string TrimEnd(string text)
    {
        int end = text.Length;
        while (end > 0 && Is(text[end - 1]))
        {
            end--;
        }

        return text[..end];
    }

    internal static string TrimStart(string text) => text[Skip(text, 0)..];
}
