using System.Text;

namespace ReSTEM.Answers;

/// <summary>
/// Takes brackets out of words where they open in words and close outside, or the other way, and "and" and "or" at their end:
/// <c>\text{(about }18\text{ cards)}</c>, <c>5 \text{ cm and } 6</c>.
/// </summary>
internal static class TextBrackets
{
    internal static string MovedOut(string text)
    {
        if (!text.Contains("\\text{", StringComparison.Ordinal))
        {
            return text;
        }

        var moved = new StringBuilder(text.Length);
        int at = 0;
        while (at < text.Length)
        {
            int start = text.IndexOf("\\text{", at, StringComparison.Ordinal);
            int end = start < 0 ? -1 : text.IndexOf('}', start);
            if (end < 0)
            {
                break;
            }

            moved.Append(text, at, start - at);
            string words = text[(start + 6)..end].Trim();
            bool opens = words.StartsWith('(') && !words.Contains(')', StringComparison.Ordinal);
            bool closes = words.EndsWith(')') && !words.Contains('(', StringComparison.Ordinal);
            string inside = opens ? words[1..] : closes ? words[..^1] : text[(start + 6)..end];
            int conjunction = Conjunction(inside);
            moved.Append(opens ? "(" : "").Append("\\text{").Append(inside, 0, inside.Length - conjunction).Append('}').Append(closes ? ")" : "");
            if (conjunction > 0)
            {
                moved.Append("\\text{").Append(inside, inside.Length - conjunction, conjunction).Append('}');
            }

            at = end + 1;
        }

        return moved.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The length of "and" or "or" after other words, which separates them from what follows; else 0.</summary>
    private static int Conjunction(string words)
    {
        string trimmed = words.TrimEnd();
        int length = trimmed.EndsWith(" and", StringComparison.Ordinal) ? 4 : trimmed.EndsWith(" or", StringComparison.Ordinal) ? 3 : 0;
        return length == 0 || trimmed[..^length].Trim(' ', ',').Length == 0 ? 0 : words.Length - (trimmed.Length - length);
    }
}
