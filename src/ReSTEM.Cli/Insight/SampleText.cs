using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>Samples for people, and as rows.</summary>
internal static class SampleText
{
    private const int MostOfLine = 60;
    private const string Indent = "    ";

    /// <summary>A sample in one line: name, verdict, reason, answer, and how its completion begins.</summary>
    internal static string Line(ListedSample listed)
    {
        var (completion, finding) = listed.Sample;
        return $"{listed.Ref}  {finding.Verdict}  {finding.Reason}  {(finding.Answer.Length > 0 ? Cut(finding.Answer) : "-")}  | {Cut(completion.Text)}";
    }

    /// <summary>
    /// A sample as a row, in the words of the other verbs: <c>verify</c>, <c>eval --samples</c> and <c>logprob</c> read it.
    /// </summary>
    internal static Dictionary<string, object?> Row(ListedSample listed)
    {
        var (completion, finding) = listed.Sample;
        return new Dictionary<string, object?>
        {
            ["id"] = listed.Ref.ToString(),
            ["problem_id"] = completion.ProblemId,
            ["index"] = completion.Index,
            ["iteration"] = listed.Ref.Draw.Iteration,
            ["draw"] = listed.Ref.Draw.Name,
            ["set"] = listed.Ref.Draw.Set,
            ["completion"] = completion.Text,
            ["ids"] = completion.TokenIds,
            ["finish_reason"] = FinishReasons.NameOf(completion.FinishReason),
            ["logprob"] = completion.LogProbability,
            ["verdict"] = finding.Verdict.ToString(),
            ["reward"] = finding.Verdict is Verdict.VerifierFailed ? null : Reward.Of(finding),
            ["reason"] = finding.Reason,
            ["answer"] = finding.Answer,
            ["evidence"] = finding.Details,
            ["verifier"] = finding.Verifier,
        };
    }

    /// <summary>A sample whole: all that is known of it.</summary>
    /// <param name="listed">The sample.</param>
    /// <param name="kept">As it was kept; null where it was not.</param>
    internal static IEnumerable<string> Lines(ListedSample listed, KeptSample? kept)
    {
        var (completion, finding) = listed.Sample;
        string weight = kept is null ? "" : string.Create(CultureInfo.InvariantCulture, $", kept: drawn {kept.Count} times, weight {kept.Weight:0.######}");
        yield return $"{listed.Ref}: {finding.Verdict}, {finding.Reason}{weight}";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"  {completion.TokenIds.Count} tokens, {FinishReasons.NameOf(completion.FinishReason)}, log-probability {completion.LogProbability:F3}, judged by {finding.Verifier}");
        if (finding.Answer.Length > 0 && !finding.Details.ContainsKey("answer"))
        {
            yield return $"  answer: {OneLine(finding.Answer)}";
        }

        foreach (var (name, value) in finding.Details)
        {
            yield return $"  {name}: {OneLine(value)}";
        }

        foreach (string line in Block(completion.Text))
        {
            yield return line;
        }
    }

    /// <summary>A text of several lines, set off from what is said about it.</summary>
    internal static IEnumerable<string> Block(string text) => Visible(text).Split('\n').Select(line => Indent + line);

    private static string Cut(string text) => OneLine(text) is var line && line.Length > MostOfLine ? line[..MostOfLine] + "..." : OneLine(text);

    private static string OneLine(string text) => Visible(text).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>What models write is not to command the terminal.</summary>
    private static string Visible(string text) => string.Concat(text.Select(character => char.IsControl(character) && character is not ('\n' or '\t') ? '\ufffd' : character));
}
