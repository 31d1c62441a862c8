namespace ReSTEM.Answers;

/// <summary>Finds the final answer of a completion for the exact-match rule.</summary>
internal static class FinalAnswer
{
    private static readonly string[] Phrases = ["answer is", "answer:", "answer is:"];

    /// <summary>What follows the last "answer is", the last ####, or is in the last box; else a completion of one line by itself.</summary>
    internal static (string Answer, string Rule)? Find(string completion)
    {
        if (Boxes.Find(completion) is { } box)
        {
            return (Tidy(Unwrapped(box.Text)), "box");
        }

        int marker = completion.LastIndexOf("####", StringComparison.Ordinal);
        if (marker >= 0)
        {
            return (Tidy(LineAt(completion, marker + 4)), "marker");
        }

        int start = -1;
        foreach (string phrase in Phrases)
        {
            int found = completion.LastIndexOf(phrase, StringComparison.OrdinalIgnoreCase);
            start = found < 0 ? start : Math.Max(start, found + phrase.Length);
        }

        if (start >= 0)
        {
            return (Tidy(LineAt(completion, start)), "phrase");
        }

        string whole = completion.Trim();
        return whole.Length is > 0 and <= 300 && !whole.Contains('\n', StringComparison.Ordinal) ? (Tidy(whole), "whole") : null;
    }

    private static string LineAt(string text, int start)
    {
        var rest = text.AsSpan(start).TrimStart(" :*\r\n");
        int end = rest.IndexOfAny('\n', '\r');
        return (end < 0 ? rest : rest[..end]).ToString();
    }

    private static string Unwrapped(string boxed) =>
        boxed.StartsWith("\\text{", StringComparison.Ordinal) && boxed.EndsWith('}') ? boxed[6..^1] : boxed;

    /// <summary>Without emphasis, quotes, blanks and the closing period.</summary>
    private static string Tidy(string answer)
    {
        string tidy = answer.Trim().Trim('*', '`', '$').Trim();
        tidy = tidy.EndsWith('.') ? tidy[..^1] : tidy;
        return tidy.Trim().Trim('*', '`', '$', '"', '\'').Trim();
    }
}
