using System.Text;
using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>Boxes that one sentence joins, as the list that the sentence says: <c>x=\boxed{2}</c> or <c>x=\boxed{3}</c> is <c>x=2 or x=3</c>.</summary>
internal static partial class JoinedBoxes
{
    /// <summary>Most characters between boxes of one list.</summary>
    private const int MaxGap = 80;

    /// <summary>The sentence's own words with the boxes opened, or null when something but names and connectives stands between them.</summary>
    internal static string? Running(string text, List<Claim> boxes)
    {
        var list = new StringBuilder(Name(text, boxes[0].Start));
        for (int index = 0; index < boxes.Count; index++)
        {
            if (index > 0)
            {
                string gap = text[Math.Min(boxes[index - 1].End, boxes[index].Start)..boxes[index].Start];
                if (gap.Length > MaxGap || Sentences.StartOf(text, boxes[index].Start) > boxes[index - 1].Start)
                {
                    return null;
                }

                list.Append(Cleaned(gap));
            }

            list.Append(boxes[index].Text);
        }

        return list.Append(Unit(text, boxes[^1].End)).ToString();
    }

    private static string Cleaned(string gap)
    {
        string plain = gap.Replace("$", " ", StringComparison.Ordinal).Replace("\\(", " ", StringComparison.Ordinal).Replace("\\)", " ", StringComparison.Ordinal)
            .Replace("\\[", " ", StringComparison.Ordinal).Replace("\\]", " ", StringComparison.Ordinal).Replace('\n', ' ')
            .Replace("\\qquad", " ", StringComparison.Ordinal).Replace("\\quad", " ", StringComparison.Ordinal);
        plain = PartMark().Replace(plain, " ");
        return plain.Trim().Length == 0 ? ", " : plain;
    }

    /// <summary>The name that an equals sign gives to the first box.</summary>
    private static string Name(string text, int start)
    {
        int equals = start;
        while (equals > 0 && text[equals - 1] == ' ')
        {
            equals--;
        }

        if (equals == 0 || text[equals - 1] != '=')
        {
            return "";
        }

        int from = equals - 1;
        while (from > 0 && equals - from < 20 && (char.IsAsciiLetterOrDigit(text[from - 1]) || text[from - 1] is '_' or '{' or '}' or '\\'))
        {
            from--;
        }

        return from < equals - 1 && char.IsAsciiLetter(text[from]) ? text[from..equals] : "";
    }

    /// <summary>What numbers the parts of an answer: (b), 2., part b.</summary>
    [GeneratedRegex(@"\(?\b[b-h]\)|(?<=\s)[2-9][.)](?=\s)|\bpart\s+(?:[b-h]|[2-9])\b:?|\(?\bi{2,3}\)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PartMark();

    /// <summary>The one word that counts what the last box holds.</summary>
    private static string Unit(string text, int end)
    {
        var rest = text.AsSpan(end).TrimStart("$ ");
        int length = 0;
        while (length < rest.Length && length < 20 && char.IsAsciiLetter(rest[length]))
        {
            length++;
        }

        bool closes = length == rest.Length || rest[length] is '.' or ',' or '$' or '\n';
        return length > 1 && closes ? $" {rest[..length]}" : "";
    }
}
