using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>A judged sample as a line of a shard's file.</summary>
internal sealed record ShardRow(
    string Problem, int Sample, IReadOnlyList<int> Ids, string Completion, FinishReason FinishReason, double LogProbability, Verdict Verdict, string Reason,
    string Answer, string? AnswerKey, SortedDictionary<string, string> Evidence, string Verifier, SortedDictionary<string, string> Measurements)
{
    internal static ShardRow Of(Sample sample)
    {
        var (completion, finding) = sample;
        return new ShardRow(
            completion.ProblemId, completion.Index, completion.TokenIds, completion.Text, completion.FinishReason, completion.LogProbability, finding.Verdict,
            finding.Reason, finding.Answer, finding.AnswerKey, Sorted(finding.Evidence), finding.Verifier, Sorted(finding.Measurements));
    }

    internal Sample ToSample() => new(
        new Completion
        {
            ProblemId = Problem,
            Index = Sample,
            TokenIds = Ids,
            Text = Completion,
            FinishReason = FinishReason,
            LogProbability = LogProbability,
        },
        new Finding
        {
            Verdict = Verdict,
            Reason = Reason,
            Answer = Answer,
            AnswerKey = AnswerKey,
            Evidence = Evidence,
            Verifier = Verifier,
            Measurements = Measurements,
        });

    private static SortedDictionary<string, string> Sorted(IReadOnlyDictionary<string, string> details) => new(details.ToDictionary(), StringComparer.Ordinal);
}
