using System.Text;

namespace ReSTEM.Answers;

/// <summary>Takes brackets out of words where they open in words and close outside, or the other way: <c>\text{(about }18\text{ cards)}</c>.</summary>
internal static class TextBrackets
{
    internal static string MovedOut(string text)
    {
        if (!text.Contains("\\text{", StringComparison.Ordinal) || !text.AsSpan().ContainsAny('(', ')'))
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
            moved.Append(opens ? "(" : "").Append("\\text{").Append(inside).Append('}').Append(closes ? ")" : "");
            at = end + 1;
        }

        return moved.Append(text, at, text.Length - at).ToString();
    }
}
