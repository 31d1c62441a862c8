namespace ReSTEM.Answers;

/// <summary>\boxed and \fbox, with braces nested to any depth or without braces.</summary>
internal static class Boxes
{
    private static readonly string[] Commands = ["boxed", "fbox", "framebox"];

    /// <summary>What stands in a box that nothing was filled in.</summary>
    private static readonly string[] Placeholders =
        ["", "?", "...", "…", "\\ldots", "\\dots", "answer", "\\text{answer}", "your answer", "\\text{your answer}", "\\text{your answer here}", "~", "\\phantom{0}"];

    /// <summary>A box: where it starts and ends in the text, and what is in it.</summary>
    internal readonly record struct Box(int Start, int End, string Content);

    private readonly record struct Span(int Start, int Open, int Close, int End);

    /// <summary>
    /// All outermost boxes that hold something, in order; and where an unclosed one starts after the last of them, or -1. One pass.
    /// </summary>
    internal static (List<Box> Closed, int Unclosed) All(string text)
    {
        if (!text.Contains("box", StringComparison.Ordinal))
        {
            return ([], -1);
        }

        var found = new List<Span>();
        int unclosed = -1;
        var open = new Stack<(int Start, int Brace)>();
        int index = 0;
        while (index < text.Length)
        {
            char character = text[index];
            if (character is '\\' or 'b' or 'f' && CommandEnd(text, index) is var after and > 0)
            {
                if (text[after - 1] != '{')
                {
                    int end = BareEnd(text, after);
                    Add(found, new Span(index, after, end, end));
                    index = end;
                    continue;
                }

                open.Push((index, after));
                index = after;
            }
            else if (character == '\\')
            {
                index += 2; // an escaped brace does not nest
            }
            else
            {
                if (character == '{')
                {
                    open.Push((-1, index + 1));
                }
                else if (character == '}' && open.TryPop(out var opened) && opened.Start >= 0)
                {
                    Add(found, new Span(opened.Start, opened.Brace, index, index + 1));
                }

                index++;
            }
        }

        foreach (var (start, _) in open)
        {
            unclosed = start >= 0 ? Math.Max(unclosed, start) : unclosed;
        }

        var closed = found.Select(span => new Box(span.Start, span.End, text[span.Open..span.Close].Trim())).ToList();
        bool last = found.Count > 0 && found[^1].Start > unclosed;
        closed.RemoveAll(static box => IsPlaceholder(box.Content));
        return (closed, last ? -1 : unclosed);
    }

    private static void Add(List<Span> found, Span box)
    {
        while (found.Count > 0 && found[^1].Start > box.Start)
        {
            found.RemoveAt(found.Count - 1); // a box inside this one is part of it
        }

        found.Add(box);
    }

    private static bool IsPlaceholder(string content) =>
        Array.IndexOf(Placeholders, content) >= 0 || (content.StartsWith("\\phantom{", StringComparison.Ordinal) && content.IndexOf('}') == content.Length - 1);

    /// <summary>Where the argument of a box command that starts here begins, or 0. Without a backslash only with a brace after it.</summary>
    private static int CommandEnd(string text, int index)
    {
        bool slash = text[index] == '\\';
        if (!slash && index > 0 && (char.IsAsciiLetter(text[index - 1]) || text[index - 1] == '\\'))
        {
            return 0;
        }

        int name = slash ? index + 1 : index;
        foreach (string command in Commands)
        {
            if (!text.AsSpan(name).StartsWith(command, StringComparison.Ordinal))
            {
                continue;
            }

            int after = name + command.Length;
            while (after < text.Length && text[after] == ' ')
            {
                after++;
            }

            bool braced = after < text.Length && text[after] == '{';
            bool letter = after < text.Length && after == name + command.Length && char.IsAsciiLetter(text[after]);
            return braced ? after + 1 : slash && !letter && after < text.Length ? after : 0;
        }

        return 0;
    }

    private static int BareEnd(string text, int after)
    {
        int end = after;
        while (end < text.Length && text[end] is not ('$' or ' ' or '\n' or ',' or '}'))
        {
            end++;
        }

        return end;
    }
}
