using System.Globalization;
using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>Classes of characters and their small letters, as the rules of tokenizers mean them.</summary>
internal static class Characters
{
    private const int DottedCapitalI = 0x130;

    /// <summary>Unicode's White_Space.</summary>
    internal static bool IsBlank(Rune rune) => Rune.IsWhiteSpace(rune);

    /// <summary>Marks that take no room of their own: category Mn.</summary>
    internal static bool IsAccent(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark;

    /// <summary>Marks of any kind: category M.</summary>
    internal static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>Characters that show nothing: controls, formats and private use.</summary>
    internal static bool IsControl(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;

    /// <summary>Letters, marks, decimal digits, letter numbers, connectors, joiners and circled letters: Unicode's word characters (UTS 18, annex C).</summary>
    internal static bool IsWord(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or
        UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.DecimalDigitNumber or
        UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation
        || rune.Value is 0x200C or 0x200D or (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149)
            or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);

    /// <summary>The ideographs that BERT sets apart; the ranges are those of its reference libraries, which leave U+2B820 to U+2B91F out.</summary>
    internal static bool IsIdeograph(Rune rune) => rune.Value is
        (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    /// <summary>Each character's small letter, whatever stands beside it.</summary>
    internal static string Lower(string text)
    {
        StringBuilder result = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value == DottedCapitalI) // the one capital whose small letter is two characters
            {
                result.Append("i\u0307");
            }
            else
            {
                Append(result, Rune.ToLowerInvariant(rune));
            }
        }

        return result.ToString();
    }

    /// <summary>The characters for which a rule holds.</summary>
    internal static string Keep(string text, Predicate<Rune> rule)
    {
        StringBuilder result = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rule(rune))
            {
                Append(result, rune);
            }
        }

        return result.Length == text.Length ? text : result.ToString();
    }

    internal static void Append(StringBuilder text, Rune rune)
    {
        Span<char> units = stackalloc char[2];
        text.Append(units[..rune.EncodeToUtf16(units)]);
    }
}
