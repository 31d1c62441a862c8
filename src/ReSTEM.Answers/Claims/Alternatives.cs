using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>What stands beside a claim as another answer: <c>5 or \boxed{6}</c>, <c>\boxed{12} or more</c>.</summary>
internal static partial class Alternatives
{
    private const int MaxGap = 80;

    /// <summary>Whether the words directly around a claim offer another value.</summary>
    internal static bool Beside(string text, Claim claim, Func<string, string, bool> same)
    {
        int sentence = Sentences.StartOf(text, claim.Start);
        var before = Before().Match(text[Math.Max(sentence, claim.Start - MaxGap)..claim.Start]);
        if (before.Success && AnswerValue.IsValue(before.Groups["value"].Value.Trim()) && !same(before.Groups["value"].Value.Trim(), claim.Text))
        {
            return true;
        }

        int end = Math.Min(Sentences.EndOf(text, claim.End), claim.End + MaxGap);
        if (end <= claim.End)
        {
            return false;
        }

        var after = After().Match(text[claim.End..end]);
        if (!after.Success)
        {
            return false;
        }

        string other = AnswerValue.Undressed(after.Groups["value"].Value.TrimEnd(')'));
        return Bound().IsMatch(other) || (AnswerValue.IsValue(other) && !other.Contains("box", StringComparison.Ordinal) && !same(other, claim.Text));
    }

    /// <summary>A value of the same kind before "or": at the start, after a verb, or with the same name.</summary>
    [GeneratedRegex(
        @"(?:^|\b(?:either|is|are|be|maybe|perhaps|answers?:?)\s|(?<![\w}\\^°)-])(?<name>[a-zA-Z])\s*=)\s*[$(\\]*(?<value>[^\s,:=$]{1,30})[\s$\\)\]]*\s(?:or|and/or)\b\s*(?:maybe|perhaps|possibly|else|it is|it's|it could be)?[\s$\\(\[]*(?(name)\k<name>\s*=\s*)[\s$\\(\[]*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Before();

    [GeneratedRegex(@"^[\s$\\)\]*,]*\(?\s*(?:or|and/or|maybe|perhaps|possibly)\b\s*(?:maybe|perhaps|possibly|else|it is|it's)?\s*(?<value>[^,;]{1,40})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex After();

    [GeneratedRegex(@"^(?:more|less|fewer|greater|larger|smaller|higher|lower|above|below|so\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Bound();
}
