using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>Answers that are labels of choices, perhaps with their texts: <c>B</c>, <c>(B) 15</c>, <c>option B</c>, <c>A, B and D</c>.</summary>
internal static partial class ChoiceLabels
{
    /// <summary>Most labels of one answer.</summary>
    private const int MaxLabels = 10;

    /// <summary>Labels in alphabetic order, as upper-case letters, and the text beside a single one; empty when there is none.</summary>
    internal readonly record struct Answer(string Letters, string Text);

    /// <summary>
    /// Whether an answer is the choice that the reference is, or null when labels do not decide it: neither is one, or a label stands
    /// against a text that the problem does not list.
    /// </summary>
    internal static bool? Judge(string reference, string answer, string prompt, Func<string, string, bool> same)
    {
        var gold = Read(reference, true);
        var given = Read(answer, gold is { Letters.Length: > 1 });
        if (gold is null && given is null)
        {
            return null;
        }

        var options = Options(prompt);
        if (gold is { } label && given is { } named)
        {
            if (label.Letters != named.Letters)
            {
                return false;
            }

            string text = label.Text.Length > 0 ? label.Text : options.GetValueOrDefault(label.Letters, "");
            return text.Length == 0 || named.Text.Length == 0 || !Contradicts(named.Text, text, options, label.Text.Length > 0, same);
        }

        return gold is { } expected ? AgainstText(expected, AnswerValue.Undressed(answer), options, same)
            : TextOf(given!.Value, options) is { Length: > 0 } stated && (AreSame(stated, AnswerValue.Undressed(reference), same) || options.Count > 1)
                ? AreSame(stated, AnswerValue.Undressed(reference), same)
            : null;
    }

    /// <summary>The label or labels that a text is, or null.</summary>
    internal static Answer? Read(string answer, bool several)
    {
        string text = Words(AnswerValue.Undressed(answer));
        if (text.Length is 0 or > 600)
        {
            return null;
        }

        if (Many().IsMatch(text) && (several || text.AsSpan().ContainsAny(",;&")))
        {
            char[] letters = [.. Joiners().Replace(text, "").Where(char.IsAsciiLetterUpper)];
            Array.Sort(letters);
            return letters.Length <= MaxLabels && letters.Distinct().Count() == letters.Length ? new Answer(new string(letters), "") : null;
        }

        var one = Single().Match(text);
        return one.Success ? new Answer(one.Groups["letter"].Value.ToUpperInvariant(), one.Groups["text"].Value.Trim()) : null;
    }

    /// <summary>The options that a problem lists, text by letter; empty when it lists fewer than two.</summary>
    internal static Dictionary<string, string> Options(string prompt)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        if (prompt.Length > 20_000)
        {
            return options;
        }

        char next = 'A';
        foreach (Match match in Option().Matches(prompt))
        {
            if (match.Groups["letter"].Value[0] == next)
            {
                options[next.ToString()] = Words(AnswerValue.Undressed(match.Groups["text"].Value));
                next++;
            }
        }

        return options.Count > 1 ? options : [];
    }

    private static string TextOf(Answer answer, Dictionary<string, string> options) =>
        answer.Text.Length > 0 ? answer.Text : options.GetValueOrDefault(answer.Letters, "");

    private static bool? AgainstText(Answer gold, string answer, Dictionary<string, string> options, Func<string, string, bool> same)
    {
        string text = TextOf(gold, options);
        if (text.Length > 0)
        {
            return AreSame(text, Words(answer), same);
        }

        return null;
    }

    /// <summary>Whether the text beside a label is another option's, or not the reference's.</summary>
    private static bool Contradicts(
        string given, string expected, Dictionary<string, string> options, bool isReference, Func<string, string, bool> same)
    {
        if (AreSame(given, expected, same))
        {
            return false;
        }

        return isReference ? AnswerValue.IsValue(given) || AnswerValue.IsValue(expected)
            : options.Values.Any(text => text != expected && AreSame(given, text, same)) || (AnswerValue.IsValue(given) && AnswerValue.IsValue(expected));
    }

    private static bool AreSame(string text, string other, Func<string, string, bool> same) =>
        string.Equals(TextAnswers.Normalise(text), TextAnswers.Normalise(other), StringComparison.Ordinal) && TextAnswers.Normalise(text).Length > 0
            ? text.AsSpan().IndexOfAny("-−") < 0 == other.AsSpan().IndexOfAny("-−") < 0 || same(text, other)
            : same(text, other);

    /// <summary>Without text commands and their braces.</summary>
    private static string Words(string text)
    {
        string plain = TextCommand().Replace(text, "$1");
        return plain.Replace("\\ ", " ", StringComparison.Ordinal).Replace("~", " ", StringComparison.Ordinal).Trim(' ', '.', ',', '$', '"');
    }

    [GeneratedRegex(
        @"^(?:(?i:(?:the )?(?:correct |right |best )?(?:option|choice|answer)\s*(?:is\s*)?:?\s*))?(?:\(\s*(?<letter>[A-Z])\s*\)|\(\s*(?<letter>[a-j])\s*\)(?=\s|$)|\[(?<letter>[A-J])\]|(?<letter>[A-J])(?=\s*(?:[.):,：、]|$|\s[-–—]\s))|(?<letter>[A-J])(?=\s*\()(?!\s*\([^()]{1,40}\)\s*=))\s*[.):：、,–—-]*\s*(?<text>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Single();

    [GeneratedRegex(@"^(?:(?i:options?|choices?|answers?)\s*:?\s*)?\(?[A-J]\)?(?:(?:\s|,|;|&|/|and\b|、)*\(?[A-J]\)?)+$", RegexOptions.CultureInvariant)]
    private static partial Regex Many();

    [GeneratedRegex(@"\b(?:options?|choices?|answers?|and)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Joiners();

    [GeneratedRegex(@"\\(?:text|textbf|textit|textrm|mathrm|mathbf|mbox|bf)\s*\{([^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex TextCommand();

    [GeneratedRegex(
        @"(?:^|[\s$,;{])(?:\((?<letter>[A-J])\)|(?<letter>[A-J])[.):])[\s}~]*(?<text>[^\n]*?)(?=[\s$,;{]+(?:\\q?quad|\\text(?:bf)?\s*\{)?\s*(?:\([B-J]\)|[B-J][.):])|\n|$)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Option();
}
