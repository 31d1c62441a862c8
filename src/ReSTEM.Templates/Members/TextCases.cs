using System.Globalization;
using System.Text;

namespace ReSTEM.Templates;

/// <summary>Upper and lower case: the simple mapping of Unicode, and the sharp s, which becomes two letters.</summary>
internal static class TextCases
{
    // Other_Lowercase and Other_Uppercase of Unicode's PropList.txt, as far as they change nothing in either case: first and last of each range.
    private static readonly (int First, int Last)[] CasedWithoutOther =
    [
        (0xAA, 0xAA), (0xBA, 0xBA), (0x2B0, 0x2B8), (0x2C0, 0x2C1), (0x2E0, 0x2E4), (0x37A, 0x37A), (0x1D2C, 0x1D6A), (0x1D78, 0x1D78), (0x1D9B, 0x1DBF),
        (0x2071, 0x2071), (0x207F, 0x207F), (0x2090, 0x209C), (0x2C7C, 0x2C7D), (0xA69C, 0xA69D), (0xA770, 0xA770), (0xA7F8, 0xA7F9), (0xAB5C, 0xAB5F),
        (0x10780, 0x10780), (0x10783, 0x10785), (0x10787, 0x107B0), (0x107B2, 0x107BA), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189),
    ];

    internal static string Upper(string text) => text.ToUpperInvariant().Replace("\u00DF", "SS", StringComparison.Ordinal);

    internal static string Lower(string text) => text.ToLowerInvariant();

    /// <summary>The first character in upper case, the others in lower case.</summary>
    internal static string Capitalise(string text)
    {
        int first = CodePoints.OffsetOf(text, text.Length > 0 ? 1 : 0);
        string head = text[..first] == "\u00DF" ? "Ss" : Upper(text[..first]);
        return head + Lower(text[first..]);
    }

    /// <summary>Each character in upper case that follows none with a case, every other in lower case; Chinese letters, for one, have no case.</summary>
    internal static string Title(string text)
    {
        var title = new StringBuilder(text.Length);
        bool follows = false;
        foreach (string point in CodePoints.Of(text))
        {
            title.Append(follows ? Lower(point) : Capitalise(point));
            follows = Rune.TryGetRuneAt(point, 0, out Rune known) && IsCased(known); // half a pair has no case
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

    /// <summary>Unicode's property Cased.</summary>
    private static bool IsCased(Rune point) =>
        Rune.GetUnicodeCategory(point) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        || Rune.ToUpperInvariant(point) != point || Rune.ToLowerInvariant(point) != point
        || Array.Exists(CasedWithoutOther, range => range.First <= point.Value && point.Value <= range.Last);
}
