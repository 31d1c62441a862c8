using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>Compares what a program printed with an accepted output.</summary>
internal static class OutputComparison
{
    /// <summary>
    /// Whether the outputs have the same lines of the same words. Blanks between words, at line ends, and blank lines do not
    /// count; order does, unless the rule frees the words of a single line. Numbers are compared by value, or with the rule's tolerance.
    /// </summary>
    public static bool Matches(string output, string accepted, OutputRule rule)
    {
        var left = Lines(output);
        var right = Lines(accepted);
        return left.Count == right.Count
            && (Same(left, right, rule) || (rule.AnyOrder && InAnotherOrder(left, right, rule)));
    }

    /// <summary>Whether the outputs have the same words, in whatever order and on whatever lines.</summary>
    public static bool HaveSameWords(string output, string accepted, OutputRule rule)
    {
        var comparer = rule.IgnoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        return Lines(output).SelectMany(line => line).Order(comparer)
            .SequenceEqual(Lines(accepted).SelectMany(line => line).Order(comparer), comparer);
    }

    private static bool Same(List<string[]> left, List<string[]> right, OutputRule rule) =>
        left.Zip(right).All(pair => pair.First.Length == pair.Second.Length
            && pair.First.Zip(pair.Second).All(words => SameWord(words.First, words.Second, rule)));

    // Only where it is plain what may be moved: one line, with its count before it or on the line above, which stays.
    private static bool InAnotherOrder(List<string[]> left, List<string[]> right, OutputRule rule)
    {
        if (right.Count is not 1 and not 2 || left[^1].Length != right[^1].Length)
        {
            return false;
        }

        string[] moved = right[^1];
        if (right.Count == 2 && !(right[0] is [var count] && IsCount(count, moved.Length) && left[0] is [var own] && own == count))
        {
            return false;
        }

        int kept = right.Count == 1 && IsCount(moved[0], moved.Length - 1) ? 1 : 0;
        return left[^1].Take(kept).SequenceEqual(moved.Take(kept))
            && HaveSameWords(string.Join(' ', left[^1].Skip(kept)), string.Join(' ', moved.Skip(kept)), rule);
    }

    private static bool IsCount(string word, int count) => word == count.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static bool SameWord(string a, string b, OutputRule rule) =>
        string.Equals(a, b, rule.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)
        || NumberWords.AreEqual(a, b, rule);

    private static List<string[]> Lines(string text) =>
    [
        .. text.Split('\n')
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 0),
    ];
}
