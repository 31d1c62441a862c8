using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>What the problem's text says about the form of its answer; looked up only when a comparison asks.</summary>
/// <param name="prompt">The problem's text; empty when there is none.</param>
internal sealed partial class AnswerContext(string prompt)
{
    /// <summary>No problem: any order, any base.</summary>
    internal static readonly AnswerContext None = new("");

    private const int LongestTuple = 60;

    private static readonly string[] OrderPhrases =
    [
        "respectively", "in that order", "ordered pair", "ordered triple", "in increasing order", "in decreasing order",
        "in ascending order", "in descending order", "from least to greatest", "from greatest to least", "from smallest to largest",
        "from largest to smallest", "in order from",
    ];

    private static readonly string[] AntiderivativeWords = ["\\int", "∫", "integral", "integrate", "antiderivative", "primitive", "differential equation"];

    /// <summary>Whether the problem asks for an order, so that a list is no set.</summary>
    internal bool IsOrdered => Array.Exists(OrderPhrases, phrase => prompt.Contains(phrase, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether it asks for digits in a base, so that the value alone is not the answer.</summary>
    internal bool AsksForBase => prompt.Contains("base", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it asks for a function up to a constant.</summary>
    internal bool AsksForAntiderivative => Array.Exists(AntiderivativeWords, word => prompt.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the problem itself uses one of these letters in its mathematics, so that they are no names of the answer's own.</summary>
    internal bool Mentions(string[] letters) => Array.Exists(
        letters,
        letter => Regex.IsMatch(letter is "a" or "A" or "I" ? Article().Replace(prompt, "") : prompt, $@"(?<![A-Za-z\\]){Regex.Escape(letter)}(?![A-Za-z])"));

    /// <summary>Unknowns in the order in which the problem writes them in brackets, as in "find (m, n)"; else in alphabetical order.</summary>
    /// <param name="names">The unknowns, sorted.</param>
    internal string[] OrderOf(string[] names)
    {
        for (int start = prompt.IndexOf('('); start >= 0; start = prompt.IndexOf('(', start + 1))
        {
            int end = prompt.IndexOf(')', start);
            if (end < 0)
            {
                break;
            }

            if (end - start > LongestTuple)
            {
                continue;
            }

            string[] inside = prompt[(start + 1)..end].Split(',', StringSplitOptions.TrimEntries);
            if (inside.Order(StringComparer.Ordinal).SequenceEqual(names))
            {
                return inside;
            }
        }

        return names;
    }

    /// <summary>One of the words "a" and "I": another word follows, and none that letters stand before.</summary>
    [GeneratedRegex(@"(?<=^|[\s(""'])[aAI]\s+(?!(?:and|or|is|are|be|for|if|when|such|in|with|so|to|that|as|then|given|where|equals|than|must|can|satisfies)\b)(?=[A-Za-z]{2})|(?<=^|[\s(""'])[aA]\s+(?=\$|\\\()", RegexOptions.CultureInvariant)]
    private static partial Regex Article();
}
