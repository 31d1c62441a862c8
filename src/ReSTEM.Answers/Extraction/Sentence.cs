namespace ReSTEM.Answers;

/// <summary>Cuts an answer out of the sentence around it.</summary>
internal static class Sentence
{
    /// <summary>The text up to the end of its first sentence, mathematics between dollars kept whole.</summary>
    internal static string First(string text)
    {
        if (text.StartsWith('$') && text.Length > 1 && !char.IsAsciiDigit(text[1]) | text.IndexOf('$', 1) > 0)
        {
            int start = text.StartsWith("$$", StringComparison.Ordinal) ? 2 : 1;
            int close = text.IndexOf('$', start);
            if (close > 0 && NothingFollows(text, close))
            {
                return text[start..close];
            }
        }

        for (int index = 0; index < text.Length; index++)
        {
            bool ends = text[index] is '.' or '!' or '?' && index + 1 < text.Length && text[index + 1] is ' ' or '\n' or '\t';
            if (ends && !IsAbbreviation(text, index))
            {
                return text[..index];
            }
        }

        return text;
    }

    /// <summary>Without emphasis marks, delimiters, blanks and closing punctuation around it.</summary>
    internal static string Tidy(string text)
    {
        string tidy = text.Trim();
        if (tidy.Length > 0 && char.IsAsciiLetterOrDigit(tidy[0]) && char.IsAsciiLetterOrDigit(tidy[^1]))
        {
            return tidy;
        }

        while (tidy.Length > 0)
        {
            int length = tidy.Length;
            tidy = tidy.TrimEnd('.', ',', ';', ' ', '\t').TrimStart(':', ' ', '\t', '=');
            foreach (var (open, close) in (ReadOnlySpan<(string, string)>)
                [("**", "**"), ("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"), ("`", "`"), ("__", "__"), ("\"", "\"")])
            {
                if (tidy.Length >= open.Length + close.Length && tidy.StartsWith(open, StringComparison.Ordinal)
                    && tidy.EndsWith(close, StringComparison.Ordinal)
                    && !tidy.AsSpan(open.Length, tidy.Length - open.Length - close.Length).Contains(open, StringComparison.Ordinal))
                {
                    tidy = tidy[open.Length..^close.Length].Trim();
                }
            }

            tidy = tidy.EndsWith("**", StringComparison.Ordinal) && tidy.IndexOf("**", StringComparison.Ordinal) == tidy.Length - 2
                ? tidy[..^2] : tidy;
            if (tidy.Length == length)
            {
                break;
            }
        }

        return tidy;
    }

    private static bool NothingFollows(string text, int close)
    {
        string rest = text[(close + 1)..].TrimStart('$').Trim(' ', '.', ',', '*', '!');
        return rest.Length == 0 || !(char.IsAsciiDigit(rest[0]) || rest.Contains('$', StringComparison.Ordinal))
            ? rest.Length == 0 || text[close + 1] == '.' || rest.StartsWith("I hope", StringComparison.Ordinal)
            : false;
    }

    private static bool IsAbbreviation(string text, int dot)
    {
        int start = dot;
        while (start > 0 && (char.IsAsciiLetter(text[start - 1]) || text[start - 1] == '.'))
        {
            start--;
        }

        return text[start..dot].ToLowerInvariant() is "sq" or "cu" or "p.m" or "a.m" or "approx" or "ft" or "in" or "no"
            && text.AsSpan(dot + 1).Trim().Length > 0;
    }
}
