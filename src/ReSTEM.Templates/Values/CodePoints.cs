using System.Text;

namespace ReSTEM.Templates;

/// <summary>Text as Python counts it: by code points. Half surrogate pairs count as one each.</summary>
internal static class CodePoints
{
    internal static int Count(string text)
    {
        int pairs = 0;
        for (int i = 0; i + 1 < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && char.IsLowSurrogate(text[i + 1]))
            {
                pairs++;
                i++;
            }
        }

        return text.Length - pairs;
    }

    internal static bool ArePlain(string text) => !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');

    /// <summary>Each code point as a text of its own.</summary>
    internal static IEnumerable<string> Of(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            int length = i + 1 < text.Length && char.IsHighSurrogate(text[i]) && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
            yield return text.Substring(i, length);
            i += length - 1;
        }
    }

    internal static string? At(string text, int index)
    {
        if (ArePlain(text))
        {
            return index >= 0 && index < text.Length ? text[index].ToString() : null;
        }

        return index < 0 ? null : Of(text).ElementAtOrDefault(index);
    }

    /// <summary>Offset in characters of a code point's number, for a text that has it.</summary>
    internal static int OffsetOf(string text, int index)
    {
        if (ArePlain(text))
        {
            return index;
        }

        int offset = 0;
        for (int i = 0; i < index; i++)
        {
            offset += offset + 1 < text.Length && char.IsHighSurrogate(text[offset]) && char.IsLowSurrogate(text[offset + 1]) ? 2 : 1;
        }

        return offset;
    }

    internal static string Reverse(string text)
    {
        var reversed = new StringBuilder(text.Length);
        foreach (string point in Of(text).Reverse())
        {
            reversed.Append(point);
        }

        return reversed.ToString();
    }

    /// <summary>Order by code points, which that of UTF-16 is not for characters beyond U+FFFF.</summary>
    internal static int Compare(string first, string second)
    {
        int length = Math.Min(first.Length, second.Length);
        for (int i = 0; i < length; i++)
        {
            if (first[i] != second[i])
            {
                bool differs = char.IsSurrogate(first[i]) != char.IsSurrogate(second[i]);
                return differs ? (char.IsSurrogate(first[i]) ? 1 : -1) : first[i].CompareTo(second[i]);
            }
        }

        return first.Length.CompareTo(second.Length);
    }
}
