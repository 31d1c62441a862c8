namespace ReSTEM.Answers;

/// <summary>\boxed and \fbox, with braces nested to any depth or without braces.</summary>
internal static class Boxes
{
    private static readonly string[] Commands = ["\\boxed", "\\fbox", "\\framebox"];

    /// <summary>Most unclosed boxes, from the end, that are passed over: keeps the search linear.</summary>
    private const int MaxTries = 20;

    /// <summary>Most characters between boxes that belong to one answer.</summary>
    private const int MaxGap = 80;

    internal static Extraction? Find(string text)
    {
        if (!text.Contains("box", StringComparison.Ordinal))
        {
            return null;
        }

        int end = text.Length;
        for (int tries = 0; tries < MaxTries && Last(text, end) is { } box; tries++)
        {
            if (box.Content is { } content && content.Trim().Length > 0)
            {
                return new Extraction(content.Trim(), "box", Joined(text, box.Start, content));
            }

            if (box.Content is not null)
            {
                return new Extraction("", "box"); // an empty box is no answer, and no reason to look elsewhere
            }

            end = box.Start;
        }

        return null;
    }

    /// <summary>The boxes before this one that the same sentence joins by commas, "and" or "or".</summary>
    private static string? Joined(string text, int start, string content)
    {
        string? joined = null;
        int count = 0;
        while (++count < 20 && Last(text, start) is { Content: { Length: > 0 } earlier } box)
        {
            string gap = box.End <= start ? text[box.End..start] : "."; // a box around this one is no neighbour
            if (gap.Length > MaxGap || !IsJoin(gap))
            {
                break;
            }

            joined = earlier.Trim() + ", " + (joined ?? content.Trim());
            start = box.Start;
        }

        return joined;
    }

    private static bool IsJoin(string gap)
    {
        string letters = new([.. gap.Where(static c => char.IsAsciiLetter(c) || c is ',' or ';' or '=' or '.')]);
        bool sentenceEnds = gap.Contains('.', StringComparison.Ordinal) || gap.Contains('=', StringComparison.Ordinal);
        return !sentenceEnds && letters is "," or ";" or "and" or ",and" or "or" or ",or" or "textand" or "textor" or "text,and";
    }

    /// <summary>The last box that starts before a position; its content is null when the braces do not close.</summary>
    private static (int Start, int End, string? Content)? Last(string text, int before)
    {
        int start = -1;
        int after = 0;
        foreach (string command in Commands)
        {
            int found = before <= 0 ? -1 : text.LastIndexOf(command, before - 1, StringComparison.Ordinal);
            if (found > start)
            {
                (start, after) = (found, found + command.Length);
            }
        }

        if (start < 0)
        {
            return null;
        }

        while (after < text.Length && text[after] == ' ')
        {
            after++;
        }

        if (after >= text.Length || text[after] != '{')
        {
            int end = after;
            while (end < text.Length && text[end] is not ('$' or ' ' or '\n' or ',' or '}'))
            {
                end++;
            }

            return (start, end, text[after..end]);
        }

        return Braced(text, start, after);
    }

    private static (int Start, int End, string? Content) Braced(string text, int start, int brace)
    {
        int depth = 0;
        for (int index = brace; index < text.Length; index++)
        {
            if (text[index] == '\\')
            {
                index++; // an escaped brace does not nest
                continue;
            }

            depth += text[index] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return (start, index + 1, text[(brace + 1)..index]);
            }
        }

        return (start, text.Length, null);
    }
}
