using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>Compares what a program printed with an accepted output.</summary>
internal static class OutputComparison
{
    /// <summary>
    /// Whether the outputs have the same lines of the same words. Blanks between words, at line ends, and blank lines do not
    /// count; order does. With a tolerance two words that are both numbers may differ by it, absolutely or relatively.
    /// </summary>
    public static bool Matches(string output, string accepted, OutputRule rule)
    {
        var left = Words(output).GetEnumerator();
        var right = Words(accepted).GetEnumerator();
        while (true)
        {
            bool hasLeft = left.MoveNext();
            if (hasLeft != right.MoveNext())
            {
                return false;
            }

            if (!hasLeft)
            {
                return true;
            }

            if (!SameWord(left.Current, right.Current, rule))
            {
                return false;
            }
        }
    }

    private static bool SameWord(string a, string b, OutputRule rule)
    {
        if (string.Equals(a, b, rule.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
        {
            return true;
        }

        return rule.Tolerance > 0
            && double.TryParse(a, NumberStyles.Float, CultureInfo.InvariantCulture, out double x)
            && double.TryParse(b, NumberStyles.Float, CultureInfo.InvariantCulture, out double y)
            && Math.Abs(x - y) <= rule.Tolerance * Math.Max(1, Math.Abs(y));
    }

    // A line break is a word of its own, so that words do not move between lines.
    private static IEnumerable<string> Words(string text)
    {
        bool pendingBreak = false;
        foreach (string line in text.Split('\n'))
        {
            bool first = true;
            foreach (string word in line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                if (first && pendingBreak)
                {
                    yield return "\n";
                }

                first = false;
                pendingBreak = true;
                yield return word;
            }
        }
    }
}
