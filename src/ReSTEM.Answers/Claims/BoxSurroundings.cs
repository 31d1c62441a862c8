using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>Words before a box that change its value, as half of \boxed{5}, and a unit after it, as \boxed{5} cm.</summary>
/// <remarks>
/// Numbers and factors beside a box do not count: published solutions box the answer within a product, a number or a sentence
/// (355\boxed{680}, 11\cdot\boxed{2}, "\boxed{2} more than 412").
/// </remarks>
internal static partial class BoxSurroundings
{
    /// <summary>Most characters on either side that are looked at.</summary>
    private const int Reach = 60;

    /// <summary>The value with what stands beside it, or null when that makes it another value that is not read.</summary>
    /// <param name="text">The completion.</param>
    /// <param name="sentence">Where the sentence of the box begins.</param>
    /// <param name="box">The box.</param>
    /// <param name="content">The value in the box.</param>
    internal static string? Joined(string text, int sentence, Boxes.Box box, string content)
    {
        string before = text[Math.Max(sentence, box.Start - Reach)..box.Start];
        string after = text[box.End..Math.Min(text.Length, box.End + Reach)];
        if (Within().IsMatch(before) && IsMath(text, sentence, box.Start))
        {
            return null;
        }

        if (ChangingBefore().Match(before) is { Success: true } words)
        {
            return words.Groups["words"].Value is "plus" ? null : Read(words.Groups["words"].Value.Trim() + " " + content);
        }

        return UnitAfter().Match(after) is { Success: true } unit && !content.Contains("\\text", StringComparison.Ordinal)
            && !content.Contains("\\mathrm", StringComparison.Ordinal) && UnitReader.Read(unit.Groups["unit"].Value) is not null
            ? Read($"{content} \\text{{ {unit.Groups["unit"].Value}}}") ?? content
            : content;
    }

    private static string? Read(string joined) => AnswerReader.Read(joined, new Budget(20_000)) is (_, false) ? joined : null;

    /// <summary>Whether the box stands in mathematics that was opened in its sentence.</summary>
    private static bool IsMath(string text, int sentence, int start)
    {
        var line = text.AsSpan(sentence, start - sentence);
        return line.Count('$') % 2 == 1 || line.LastIndexOf("\\(") > line.LastIndexOf("\\)") || line.LastIndexOf("\\[") > line.LastIndexOf("\\]");
    }

    [GeneratedRegex(@"(?:\\sqrt(?:\[\w\])?|\\frac\{\w+\}|\\log|\\ln)\s*\{\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Within();

    [GeneratedRegex(
        @"(?<![\w-])(?<words>negative|minus|plus|half(?:\s+of)?|twice|thrice|double|triple|(?:an?|one)[\s-](?:half|third|quarter|fourth|fifth|tenth)\s+of|two[\s-]thirds\s+of|three[\s-](?:quarters|fourths)\s+of|(?:\d+(?:\.\d+)?\s*(?:\\?%|percent)|\d+/\d+)\s+of|(?:square|cube)\s+root\s+of|(?:square|cube|reciprocal|opposite|factorial)\s+of|(?:less|more|fewer|greater|larger|smaller|bigger|higher|lower)\s+than|(?<=\b(?:answer|be|is)\s+(?:\w+\s+)?)(?:above|below|under|over|beyond|far\s+from)|(?<=\banswers?\s*(?:is|are|must\s+be|:)\s*(?:\w+\s+)?)(?:divisible\s+by|multiples?\s+of|near|close\s+to|at\s+least|at\s+most|up\s+to|between))[\s$\\(\[*]*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ChangingBefore();

    /// <summary>Words that may be a unit, where the sentence or the phrase ends after them.</summary>
    [GeneratedRegex(
        @"^[ $]*(?:\\[)\],;: ])?[ $]*(?:\\[,;: ]|\\(?:text|mathrm|rm)\s*\{\s*)*(?!in\b)(?<unit>(?:square |cubic |sq\.? )?[a-zA-Zμ°]+(?:\s?(?:\^\{?[23]\}?|[²³]))?(?:\s?/\s?[a-zA-Z]+(?:\^\{?[23]\}?|[²³])?| per [a-z]+)?)[ }]*(?=$|[.,;:!)$\n*]|\\[)\]])",
        RegexOptions.CultureInvariant)]
    private static partial Regex UnitAfter();
}
