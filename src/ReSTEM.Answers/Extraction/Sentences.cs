namespace ReSTEM.Answers;

/// <summary>Where sentences begin and end in a text with mathematics.</summary>
internal static class Sentences
{
    /// <summary>Longest sentence that is looked at, in characters: keeps every search linear.</summary>
    internal const int MaxLength = 400;

    private static readonly string[] Abbreviations =
    [
        "sq", "cu", "p.m", "a.m", "approx", "ft", "in", "no", "i.e", "e.g", "mr", "mrs", "ms", "dr", "st", "vs", "etc", "ans", "eq", "eqn", "min", "sec", "hr",
        "hrs", "mins", "lb", "lbs", "oz", "cm", "mm", "km", "resp", "fig",
    ];

    /// <summary>Where the sentence that holds a position begins; at most <see cref="MaxLength"/> before it.</summary>
    internal static int StartOf(string text, int position)
    {
        int least = Math.Max(0, position - MaxLength);
        for (int index = position - 1; index >= least; index--)
        {
            if (EndsAt(text, index) && index < position)
            {
                int start = index + 1;
                while (start < position && (char.IsWhiteSpace(text[start]) || text[start] is ')' or '"' or '\''))
                {
                    start++;
                }

                return start;
            }
        }

        return least;
    }

    /// <summary>Where the sentence that holds a position ends, its closing mark not included; at most <see cref="MaxLength"/> after it.</summary>
    internal static int EndOf(string text, int position)
    {
        int most = Math.Min(text.Length, position + MaxLength);
        for (int index = position; index < most; index++)
        {
            if (EndsAt(text, index))
            {
                return index;
            }
        }

        return most;
    }

    /// <summary>Whether a character ends a sentence: a full stop before a blank, an empty line, a new line that begins a new sentence.</summary>
    internal static bool EndsAt(string text, int index)
    {
        char character = text[index];
        if (character == '\n')
        {
            return index + 1 < text.Length && (text[index + 1] == '\n' || BeginsSentence(text, index + 1));
        }

        if (character is '。' or '！' or '？')
        {
            return true;
        }

        if (character is not ('.' or '!' or '?'))
        {
            return false;
        }

        if (character == '!')
        {
            // After a value it may be a factorial within the sentence.
            var rest = text.AsSpan(index + 1);
            var next = rest.TrimStart(' ');
            return next.Length == 0 || next[0] == '\n' || (rest[0] == ' ' && char.IsAsciiLetterUpper(next[0]));
        }

        int after = index + 1;
        while (after < text.Length && text[after] is '$' or '"' or '\'' or '*' or '”')
        {
            after++;
        }

        if (text.AsSpan(after) is ['\\', ']' or ')', ..])
        {
            after += 2;
        }

        bool blank = after >= text.Length || char.IsWhiteSpace(text[after]);
        bool stop = blank || (text[index] == '.' && char.IsAsciiLetterUpper(text[after]) && after > index + 1);
        return stop && !(character == '.' && IsAbbreviation(text, index, after));
    }

    /// <summary>The text up to its first sentence's end, mathematics between dollars kept whole.</summary>
    internal static string First(string text)
    {
        int end = EndOf(text, 0);
        return text[..end];
    }

    /// <summary>A new line goes on with the sentence when it begins in lower case or with display mathematics.</summary>
    private static bool BeginsSentence(string text, int start)
    {
        var rest = text.AsSpan(start).TrimStart(' ');
        return rest.Length == 0 || !(char.IsAsciiLetterLower(rest[0]) || rest.StartsWith("\\[") || rest.StartsWith("$$") || rest.StartsWith("\\]")
            || rest.StartsWith("&") || rest.StartsWith("\\begin") || rest.StartsWith("\\end"));
    }

    private static bool IsAbbreviation(string text, int dot, int after)
    {
        int start = dot;
        while (start > 0 && dot - start < 8 && (char.IsAsciiLetter(text[start - 1]) || text[start - 1] == '.'))
        {
            start--;
        }

        int next = after;
        while (next < text.Length && text[next] == ' ')
        {
            next++;
        }

        bool goesOn = next < text.Length && !char.IsAsciiLetterUpper(text[next]) && text[next] != '\n';
        return goesOn && Array.IndexOf(Abbreviations, text[start..dot].ToLowerInvariant()) >= 0;
    }
}
