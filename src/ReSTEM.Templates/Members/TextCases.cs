using System.Text;

namespace ReSTEM.Templates;

/// <summary>Upper and lower case: the simple mapping of Unicode, and the sharp s, which becomes two letters.</summary>
internal static class TextCases
{
    internal static string Upper(string text) => text.ToUpperInvariant().Replace("\u00DF", "SS", StringComparison.Ordinal);

    internal static string Lower(string text) => text.ToLowerInvariant();

    /// <summary>The first character in upper case, the others in lower case.</summary>
    internal static string Capitalise(string text)
    {
        int first = CodePoints.OffsetOf(text, text.Length > 0 ? 1 : 0);
        string head = text[..first] == "\u00DF" ? "Ss" : Upper(text[..first]);
        return head + Lower(text[first..]);
    }

    /// <summary>Each letter in upper case that follows no letter, every other in lower case.</summary>
    internal static string Title(string text)
    {
        var title = new StringBuilder(text.Length);
        bool follows = false;
        foreach (string point in CodePoints.Of(text))
        {
            title.Append(follows ? Lower(point) : Capitalise(point));
            follows = char.IsLetter(point, 0);
        }

        return title.ToString();
    }

    /// <summary>As Jinja's filter does it: words begin after blanks, hyphens and opening brackets only.</summary>
    internal static string TitleOfWords(string text)
    {
        var title = new StringBuilder(text.Length);
        bool begins = true;
        foreach (string point in CodePoints.Of(text))
        {
            title.Append(begins ? Upper(point) : Lower(point));
            begins = point[0] is '-' or '(' or '{' or '[' or '<' || WhiteSpace.Is(point[0]);
        }

        return title.ToString();
    }
}
