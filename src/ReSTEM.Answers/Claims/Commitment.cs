using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>Decides which claim a completion commits to, or that it commits to none.</summary>
internal static partial class Commitment
{
    /// <summary>Most different values among the claims that are told apart.</summary>
    private const int MaxValues = 12;

    /// <summary>Most characters between claims that are looked at for a correction.</summary>
    private const int MaxGap = 2_000;

    /// <summary>Most characters after the last claim that are looked at for its withdrawal.</summary>
    private const int MaxAfter = 300;

    /// <summary>The answer of the claims, in the order of the text; null when all are withdrawn.</summary>
    internal static Extraction? Of(string text, List<Claim> claims, Func<string, string, bool> same)
    {
        var denied = claims.FindAll(static claim => claim.IsDenied);
        var stated = claims.FindAll(static claim => !claim.IsDenied);
        if (stated.Count == 0)
        {
            return null;
        }

        var last = stated[^1];
        bool withdrawn = denied.Exists(claim => claim.Start > last.Start && same(claim.Text, last.Text));
        if (withdrawn || IsWithdrawnAfter(text, last, same))
        {
            return null;
        }

        var values = Values(stated, same);
        if (values is null)
        {
            return new Extraction("", last.Rule, false);
        }

        if (values.Count == 1 || Outweighs(text, stated, last, same))
        {
            return new Extraction(last.Text, last.Rule);
        }

        return new Extraction(Listed(text, stated, values), last.Rule, false);
    }

    /// <summary>The different values, in the order of their first claim; null when there are too many to tell apart.</summary>
    private static List<Claim>? Values(List<Claim> claims, Func<string, string, bool> same)
    {
        var values = new List<Claim>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var claim in claims)
        {
            if (known.Add(claim.Text) && !values.Exists(value => same(value.Text, claim.Text)))
            {
                values.Add(claim);
                if (values.Count > MaxValues)
                {
                    return null;
                }
            }
        }

        return values;
    }

    /// <summary>Whether the last claim takes the place of every other one before it.</summary>
    private static bool Outweighs(string text, List<Claim> claims, Claim last, Func<string, string, bool> same)
    {
        int previous = claims.FindLastIndex(claim => !same(claim.Text, last.Text));
        int next = claims.FindIndex(previous + 1, static _ => true);
        if (IsCorrected(Between(text, claims[previous].End, claims[next].Rule == "box" ? claims[next].Start : claims[next].End)))
        {
            return true;
        }

        bool joined = Sentences.StartOf(text, last.Start) <= claims[previous].Start && claims[previous].End <= last.Start;
        if (joined)
        {
            return false;
        }

        var others = claims[..(previous + 1)].FindAll(claim => !same(claim.Text, last.Text));
        var highest = others.Max(static claim => claim.Rank);
        bool boxed = last.Rule == "box" && others.TrueForAll(static claim => claim.Rule != "box");
        bool parts = Parts().IsMatch(Between(text, claims[previous].Start - 40, last.Start));
        return last.Rank > highest ? last.Rank >= ClaimRank.Final || !parts
            : boxed ? !parts && highest < ClaimRank.Tagged
            : last.Rank == ClaimRank.Concluded && highest == ClaimRank.Concluded && !parts && last.Rule == "box";
    }

    /// <summary>All values as one list: the running text where claims stand in one sentence, else one after the other.</summary>
    private static string Listed(string text, List<Claim> claims, List<Claim> values)
    {
        var group = claims.FindAll(claim => claim.Rule == "box");
        if (group.Count > 1 && group.Count == claims.Count && group.Count <= MaxValues
            && JoinedBoxes.Running(text, group) is { } running)
        {
            return running;
        }

        return string.Join(", ", values.Select(static value => value.Text));
    }

    private static bool IsCorrected(string gap) => Correction().IsMatch(gap);

    /// <summary>Whether the text after the last claim takes it back, or puts another value in its place.</summary>
    private static bool IsWithdrawnAfter(string text, Claim last, Func<string, string, bool> same)
    {
        string after = text.Substring(last.End, Math.Min(MaxAfter, text.Length - last.End));
        return Withdrawal().IsMatch(after)
            || (Replacement().Match(after) is { Success: true } other && AnswerValue.Undressed(other.Groups["value"].Value) is var value
                && AnswerValue.IsValue(value) && !same(value, last.Text));
    }

    private static string Between(string text, int start, int end)
    {
        start = Math.Max(Math.Max(0, start), end - MaxGap);
        return start < end ? text[start..end] : "";
    }

    [GeneratedRegex(
        @"\b(?:no,|no\s*[-.—–!]|nope|wait|actually|correction|correcting|corrected|recheck|re-check|recalculat|recomput|redo|mistake|oops|sorry|apolog|instead|rather|scratch that|on second thought|let me (?:re|check|fix|correct|try)|hold on|hmm|that(?:'s| is| was) (?:wrong|incorrect|not right|not correct)|is (?:wrong|incorrect)|was (?:wrong|incorrect)|revis|reconsider|made an error|my error|double[- ]check)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Correction();

    [GeneratedRegex(
        @"\bI(?: have|'ve)? made an? (?:\w+ )?(?:mistake|error)\b|\b(?:that|this|it|which|the (?:answer|result|value)|my answer)(?:'s| is| was| seems| must be| cannot be| can't be)?\s*(?:(?:clearly|obviously|probably|all|surely)\s+)?(?:wrong|incorrect|not (?:right|correct|the (?:right |correct |final )?answer)|a mistake|can't be right|cannot be right)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Withdrawal();

    /// <summary>Another value after a sign of correction.</summary>
    [GeneratedRegex(
        @"\b(?:just kidding|actually|wait|hmm+|on second thought|scratch that|oops|sorry|correction|I mean|no)\b[^\w\n]{1,6}(?:(?:actually|no|wait|but|so|I (?:think|believe|mean)|that|it(?:'s| is| should be| must be)?|the (?:correct |right |real )?(?:answer|value|result)(?: is| should be| must be)?|[a-zA-Z]\s*=)[,\s]+){0,6}(?:\$|\\\()?\s*(?<value>[-+]?\d[\w./\\{}^]*|\\d?frac\{[^{}]*\}\{[^{}]*\})(?=[\s.,;!)$\\]|$)(?!\s*[-+*/=<>])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Replacement();

    /// <summary>Signs that answers stand beside each other: cases, parts, alternatives.</summary>
    [GeneratedRegex(
        @"\b(?:case|part|option|possibility|scenario)\s*(?:\d|[ivx]+\b|[a-d]\b)|\(\s*(?:[a-d]|i{1,3}|[1-4])\s*\)|\b(?:either|or|alternatively|another (?:answer|solution|possibility)|also|first|second|other(?:wise)?)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Parts();
}
