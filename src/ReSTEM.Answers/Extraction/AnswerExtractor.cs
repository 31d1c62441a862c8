using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>Finds the final answer in a completion. docs/which-answer.md has the rules.</summary>
/// <remarks>
/// Claims are looked for first: <c>tag</c>, <c>box</c>, <c>marker</c> (####) and <c>phrase</c> ("the answer is"). Where there is none:
/// <c>whole</c>, <c>math-at-end</c>, <c>statement</c>, <c>yes-or-no</c> and, if allowed, <c>last-number</c>. Each takes time linear in the completion.
/// </remarks>
internal static partial class AnswerExtractor
{
    /// <summary>The answer that the completion commits to, or the list of those it gives; null when there is none.</summary>
    /// <param name="completion">Text without reasoning between tags.</param>
    /// <param name="prompt">The problem; boxes that it has are quotations.</param>
    /// <param name="allowLastNumber">Whether the last resort is allowed.</param>
    /// <param name="same">Whether two answers are the same.</param>
    internal static Extraction? Find(string completion, string prompt, bool allowLastNumber, Func<string, string, bool> same)
    {
        string text = Layout.Plain(completion);
        var (tags, tagCut) = AnswerTags.Find(text, prompt, same);
        tags = tags.Count > 0 ? tags : JsonAnswers.Find(text, same);
        var (boxes, boxCut) = BoxClaims.Find(text, prompt, same);
        var claims = tags.Count > 0 ? Merge(tags, LeadIns.Find(text, same).FindAll(claim => claim.Start > tags[^1].End && claim.IsValue))
            : Merge(boxes, Marks(text, boxes, same));
        int next = NextProblem(text, claims);
        claims.RemoveAll(claim => claim.Start >= next);
        text = text[..Math.Min(next, text.Length)];
        if (claims.Count > 0)
        {
            return (tagCut || boxCut) && next > text.Length ? null : Committed(text, claims, same);
        }

        return tagCut || boxCut ? null
            : Conclusions.Find(text, prompt, same) ?? (allowLastNumber ? LastNumber.Find(text, prompt) : null);
    }

    private static Extraction? Committed(string text, List<Claim> claims, Func<string, string, bool> same)
    {
        if (Commitment.Of(text, claims, same) is not { IsSingle: true } single)
        {
            return Commitment.Of(text, claims, same);
        }

        var last = claims.FindLast(claim => claim.Text == single.Text && !claim.IsDenied);
        return last.Rule == "box" && Alternatives.Beside(text, last, same) ? single with { IsSingle = false, Text = "" } : single;
    }

    /// <summary>Marked lines, and phrases where no box says it in the same sentence.</summary>
    private static List<Claim> Marks(string text, List<Claim> boxes, Func<string, string, bool> same)
    {
        var marks = LeadIns.Marked(text, same);
        foreach (var phrase in LeadIns.Find(text, same))
        {
            bool boxed = boxes.Exists(box => box.Start < phrase.End + 40 && box.End > phrase.Start && Sentences.StartOf(text, box.Start) <= phrase.End);
            bool marked = marks.Exists(mark => mark.Start <= phrase.End && mark.End >= phrase.Start);
            if (!boxed && !marked && (boxes.Count == 0 || (phrase.IsValue && !SpeaksAboutBox(phrase.Text))))
            {
                marks.Add(phrase);
            }
        }

        return marks;
    }

    /// <summary>Whether words alone, such as "yes", or a calculation: beside a box they speak about the box.</summary>
    private static bool SpeaksAboutBox(string text) =>
        (text.Length > 1 && text.All(static c => char.IsLetter(c) || c is ' ' or '-'))
        || (text.IndexOf('=', StringComparison.Ordinal) is var equals and > 0 && text.AsSpan(0, equals).IndexOfAnyInRange('0', '9') >= 0);

    private static List<Claim> Merge(List<Claim> claims, List<Claim> others)
    {
        var all = claims.Concat(others).OrderBy(static claim => claim.Start).ToList();
        bool values = all.Exists(static claim => claim.IsValue);
        all.RemoveAll(claim => values && !claim.IsValue && claim.Rule == "phrase");
        return all;
    }

    /// <summary>Where a model goes on with another problem after it has answered; past the end when it does not.</summary>
    private static int NextProblem(string text, List<Claim> claims)
    {
        if (claims.Count > 0)
        {
            foreach (Match match in Problem().Matches(text))
            {
                if (match.Index > claims[0].End)
                {
                    return match.Index;
                }
            }
        }

        return text.Length + 1;
    }

    [GeneratedRegex(@"^[ \t]*(?:question|problem|q|human|user|instruction|new problem|next problem)\s*:", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Problem();
}
