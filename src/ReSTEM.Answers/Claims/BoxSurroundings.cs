using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>What stands directly beside a box and changes its value: half of \boxed{5}, \boxed{5} million, \boxed{5} cm, 2\cdot\boxed{5}.</summary>
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
        bool math = IsMath(text, sentence, box.Start);
        if (Within().IsMatch(before) && math)
        {
            return null;
        }

        if (ChangingBefore().Match(before) is { Success: true } words)
        {
            return words.Groups["words"].Value is "plus" ? null : Read(words.Groups["words"].Value.Trim() + " " + content);
        }

        if (ChangingAfter().Match(after) is { Success: true } magnitude)
        {
            return Read(content + " " + magnitude.Groups["words"].Value.Replace("$", "", StringComparison.Ordinal).TrimEnd(' ', '.'));
        }

        if (math && !content.AsSpan().ContainsAny("=,<>"))
        {
            var factor = FactorBefore().Match(before);
            var tail = TailAfter().Match(after);
            if (factor.Success || tail.Success)
            {
                string inner = SingleTerm().IsMatch(content) && !factor.Success ? content : $"({content})";
                return Read(factor.Groups["math"].Value + inner + tail.Groups["math"].Value) ?? content;
            }
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

    [GeneratedRegex(@"^(?:\d+(?:\.\d+)?|[a-zA-Z]|\\[a-zA-Z]+|\\d?frac\{\w+\}\{\w+\})$", RegexOptions.CultureInvariant)]
    private static partial Regex SingleTerm();

    [GeneratedRegex(
        @"(?<![\w-])(?<words>negative|minus|plus|half(?:\s+of)?|twice|thrice|double|triple|(?:an?|one)[\s-](?:half|third|quarter|fourth|fifth|tenth)\s+of|two[\s-]thirds\s+of|three[\s-](?:quarters|fourths)\s+of|(?:\d+(?:\.\d+)?\s*(?:\\?%|percent)|\d+/\d+)\s+of|(?:square|cube)\s+root\s+of|(?:square|cube|reciprocal|opposite|factorial)\s+of|(?:less|more|fewer|greater|larger|smaller|bigger|higher|lower)\s+than|(?<=\b(?:answer|be|is)\s+(?:\w+\s+)?)(?:above|below|under|over|beyond|far\s+from)|(?<=\banswers?\s*(?:is|are|must\s+be|:)\s*(?:\w+\s+)?)(?:divisible\s+by|multiples?\s+of|near|close\s+to|at\s+least|at\s+most|up\s+to|between))[\s$\\(\[*]*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ChangingBefore();

    [GeneratedRegex(
        @"^[ $*]*(?:\\[)\],;: ])?[ $*]*(?:\\(?:text|mathrm)\s*\{\s*)?(?<words>(?:hundred|thousand|million|billion|trillion|dozen|k\b(?![ ]*[=<>(^_]))[^.,;:!?\n}]*|(?:and\s+an?\s+half|squared|cubed|factorial|plus|minus|modulo|mod|(?:times|divided\s+by|multiplied\s+by|over|(?:more|less|fewer)\s+than)(?=\s+[$]?\d))\b[^,;:!?\n}]*)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ChangingAfter();

    /// <summary>A factor, a term or a sign in the same mathematics, from its start or from the last relation.</summary>
    [GeneratedRegex(
        @"(?:\$|\\\(|\\\[|=|\\approx)\s*(?<math>(?:\\pm|\\mp)|(?:(?:\d+(?:\.\d+)?|\\pi|[a-zA-Z]|\\d?frac\{\d+\}\{\d+\}|\\sqrt\{\d+\})\s*(?:\\cdot|\\times|\*|[+/-])?\s*){1,4})\s*$",
        RegexOptions.CultureInvariant)]
    private static partial Regex FactorBefore();

    /// <summary>A power, a factor, a term or a factorial sign in the same mathematics, to its end.</summary>
    [GeneratedRegex(
        @"^\s*(?<math>(?:(?:!|\^\s*(?:\w|\{[^{}]*\})|(?:\\cdot|\\times|\\pm|\*|\+|-|/)\s*|\d+(?:\.\d+)?|\\pi|(?<![a-zA-Z])[a-zA-Z](?![a-zA-Z])|\\sqrt\{\d+\}|\\d?frac\{\d+\}\{\d+\})\s*){1,8})[.,]?\s*(?=\$|\\\)|\\\])",
        RegexOptions.CultureInvariant)]
    private static partial Regex TailAfter();

    /// <summary>Words that may be a unit, where the sentence or the phrase ends after them.</summary>
    [GeneratedRegex(
        @"^[ $]*(?:\\[)\],;: ])?[ $]*(?:\\[,;: ]|\\(?:text|mathrm|rm)\s*\{\s*)*(?!in\b)(?<unit>(?:square |cubic |sq\.? )?[a-zA-Zμ°]+(?:\s?(?:\^\{?[23]\}?|[²³]))?(?:\s?/\s?[a-zA-Z]+(?:\^\{?[23]\}?|[²³])?| per [a-z]+)?)[ }]*(?=$|[.,;:!)$\n*]|\\[)\]])",
        RegexOptions.CultureInvariant)]
    private static partial Regex UnitAfter();
}
