using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>Boxes as claims: what the words beside a box say about it.</summary>
internal static partial class BoxClaims
{
    /// <summary>Most boxes, from the end, that are looked at.</summary>
    private const int MaxBoxes = 200;

    /// <summary>The claims in order, and whether the text breaks off within a box.</summary>
    internal static (List<Claim> Claims, bool IsCutOff) Find(string text, string prompt, Func<string, string, bool> same)
    {
        var (boxes, unclosed) = Boxes.All(text);
        var claims = new List<Claim>();
        foreach (var box in boxes.Skip(Math.Max(0, boxes.Count - MaxBoxes)))
        {
            int sentence = Sentences.StartOf(text, box.Start);
            string before = text[sentence..box.Start];
            if (IsQuoted(text, box, prompt) || IsAsked(text, box.End) || Supposed().IsMatch(before))
            {
                continue;
            }

            var rank = FinalWords().IsMatch(before) ? ClaimRank.Final
                : LeadIns.Conclusion().IsMatch(before) ? ClaimRank.Concluded : ClaimRank.Plain;
            bool denied = DeniedWithin().IsMatch(box.Content) || DeniedBefore().IsMatch(before) || DoubtedBefore().IsMatch(before) || DeniedAfter().IsMatch(text.AsSpan(box.End, Math.Min(60, text.Length - box.End)));
            string signed = Signed(text, box, same);
            string? joined = BoxSurroundings.Joined(text, sentence, box, signed);
            claims.Add(new Claim(box.Start, box.End, joined ?? signed, "box", rank) { IsDenied = denied || joined is null });
        }

        return (claims, unclosed >= 0);
    }

    /// <summary>The content, with a minus sign or a percent sign that stands beside the box.</summary>
    private static string Signed(string text, Boxes.Box box, Func<string, string, bool> same)
    {
        string content = AnswerValue.InBox(box.Content, same);
        var before = text.AsSpan(0, box.Start).TrimEnd(' ');
        bool negative = before is [.., '-' or '−'] && (before.Length == 1 || before[..^1].TrimEnd(' ') is [.., '=' or '$' or '(' or '[']);
        var after = text.AsSpan(box.End).TrimStart(' ');
        bool percent = after.StartsWith("%") || after.StartsWith("\\%");
        return (negative ? $"-({content})" : content) + (percent ? "\\%" : "");
    }

    /// <summary>Whether the problem has the same box with the same words before it.</summary>
    private static bool IsQuoted(string text, Boxes.Box box, string prompt)
    {
        if (!prompt.Contains("box", StringComparison.Ordinal))
        {
            return false;
        }

        int start = Math.Max(0, box.Start - 16);
        return box.Start - start == 16 && prompt.Contains(text[start..box.End], StringComparison.Ordinal);
    }

    private static bool IsAsked(string text, int end)
    {
        var rest = text.AsSpan(end).TrimStart("$ )\\]*.");
        return rest.StartsWith("?");
    }

    [GeneratedRegex(@"^\\text\{not\b|^(?!\W*(?:\\text\{\s*)?(?:yes|no|true|false)\b)[^\n]*\b(?:is|are|was)\s+not\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DeniedWithin();

    [GeneratedRegex(@"\b(?:if (?:it|the answer|this)|suppose|assume|assuming)\b[^,.;]{0,40}$|\bif (?:we|I|you|one) (?:(?:just|simply|only|had to|have to|must) )?guess(?:ed)?\b[^.;]{0,40}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Supposed();

    [GeneratedRegex(@"\bfinal\b|\banswers?\b|\bin conclusion\b|\bconclude\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FinalWords();

    [GeneratedRegex(
        @"(?:\b(?:not|never|cannot|neither|nor|rather than|instead of|rul(?:e|ed|ing) out|exclud(?:e|ed|ing)|reject|rejected|discard|discarded|eliminate|different from|wrongly)|n't|\\neq?|\\not\s*=|≠)\s*(?:(?:be|equal|equals|simply|just|exactly|necessarily|the answer|to|get|give|say|is)\b\s*)*:?[\s$\\(\[*=]*(?:[a-zA-Z]\s*=\s*)?[\s$\\(\[*]*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DeniedBefore();

    /// <summary>Somebody else's belief, or a belief that the writer does not share.</summary>
    [GeneratedRegex(
        @"(?:\b(?:not|cannot)|n't)\s+(?:think|believe|true|certain|claim|say|follow)\b[^.,;]{0,40}$|(?<!\b(?:no|without|beyond)\s(?:a\s)?)\bdoubt(?:s|ed)?\s+(?:that\s+|if\s+|whether\s+)?(?:it|the|this)\b[^.,;]{0,40}$|\b(?:wrong|incorrect|mistaken|false|naive|common)\s+(?:answer|result|value|guess|conclusion)\b[^.,;]{0,30}$|(?<!\b(?:I|we)\s)\b(?:may|might|would|could)\s+(?:\w+\s+)?(?:think|say|guess|believe|claim|expect|assume)\b[^.,;]{0,30}$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DoubtedBefore();

    [GeneratedRegex(
        @"^[\s$\\)\]*,]*(?:which\s+)?(?:is|was|would be|seems|looks|can(?:not|'t) be)\s*(?:clearly |obviously |also )?(?:wrong|incorrect|false|impossible|ruled out|excluded|not (?:right|correct|the|possible|valid|(?:our|my|an) answer))|^[\s$\\)\]*,]*(?:isn't|wasn't|can't be|cannot be|does(?:n't| not) (?:work|satisfy|fit))\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DeniedAfter();
}
