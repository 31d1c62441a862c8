namespace ReSTEM.Templates;

/// <summary>Text in parts.</summary>
internal static class TextSplitting
{
    internal static ListValue Split(string text, CallArguments arguments, bool fromEnd, RenderBudget budget)
    {
        object?[] given = arguments.Bind("sep", "maxsplit");
        int most = arguments.Count(given[1], "maxsplit", -1);
        most = most < 0 ? int.MaxValue : most;
        string? separator = given[0] is { } named and not None ? arguments.Text(named, "sep", "") : null;
        if (separator is { Length: 0 })
        {
            throw arguments.Wrong(separator, "sep", "a separator that is not empty");
        }

        List<object> parts = separator is null
            ? fromEnd ? WordsFromEnd(text, most) : Words(text, most)
            : fromEnd ? PartsFromEnd(text, separator, most) : Parts(text, separator, most);
        budget.Charge(parts.Count + text.Length);
        return new ListValue(parts);
    }

    internal static ListValue Lines(string text, CallArguments arguments, RenderBudget budget)
    {
        bool keepsEnds = CallArguments.Flag(arguments.Bind("keepends")[0], otherwise: false);
        var lines = Lines(text, keepsEnds).Cast<object>().ToList();
        budget.Charge(lines.Count + text.Length);
        return new ListValue(lines);
    }

    /// <summary>Lines, ended by anything that Python takes for the end of one.</summary>
    internal static IEnumerable<string> Lines(string text, bool keepsEnds = false)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = start;
            while (end < text.Length && !(text[end] is >= '\n' and <= '\r' or >= '\x1c' and <= '\x1e' or '\x85' or '\u2028' or '\u2029'))
            {
                end++;
            }

            int next = end == text.Length ? end : end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1);
            yield return text[start..(keepsEnds ? next : end)];
            start = next;
        }
    }

    internal static ListValue Partition(string text, CallArguments arguments, bool fromEnd)
    {
        string separator = arguments.Text(arguments.Required(arguments.Bind("sep")[0], "sep"), "sep", "");
        if (separator.Length == 0)
        {
            throw arguments.Wrong(separator, "sep", "a separator that is not empty");
        }

        int found = fromEnd ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        return found >= 0 ? ListValue.Tuple(text[..found], separator, text[(found + separator.Length)..])
            : fromEnd ? ListValue.Tuple("", "", text)
            : ListValue.Tuple(text, "", "");
    }

    private static List<object> Parts(string text, string separator, int most)
    {
        var parts = new List<object>();
        int start = 0;
        for (int found; parts.Count < most && (found = text.IndexOf(separator, start, StringComparison.Ordinal)) >= 0; start = found + separator.Length)
        {
            parts.Add(text[start..found]);
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static List<object> PartsFromEnd(string text, string separator, int most)
    {
        var parts = new List<object>();
        int end = text.Length;
        for (int found; parts.Count < most && (found = text[..end].LastIndexOf(separator, StringComparison.Ordinal)) >= 0; end = found)
        {
            parts.Add(text[(found + separator.Length)..end]);
        }

        parts.Add(text[..end]);
        parts.Reverse();
        return parts;
    }

    private static List<object> Words(string text, int most)
    {
        var words = new List<object>();
        int start = WhiteSpace.Skip(text, 0);
        while (start < text.Length)
        {
            if (words.Count == most)
            {
                words.Add(WhiteSpace.TrimEnd(text[start..]));
                break;
            }

            int end = start;
            while (end < text.Length && !WhiteSpace.Is(text[end]))
            {
                end++;
            }

            words.Add(text[start..end]);
            start = WhiteSpace.Skip(text, end);
        }

        return words;
    }

    private static List<object> WordsFromEnd(string text, int most)
    {
        var words = new List<object>();
        string rest = WhiteSpace.TrimEnd(text);
        while (rest.Length > 0)
        {
            if (words.Count == most)
            {
                words.Add(rest);
                break;
            }

            int start = rest.Length;
            while (start > 0 && !WhiteSpace.Is(rest[start - 1]))
            {
                start--;
            }

            words.Add(rest[start..]);
            rest = WhiteSpace.TrimEnd(rest[..start]);
        }

        words.Reverse();
        return words;
    }
}
