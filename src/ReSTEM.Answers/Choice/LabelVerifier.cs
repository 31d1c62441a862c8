using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Answers;

/// <summary>Judges which label of a classification problem a completion says: right is the hard label.</summary>
/// <remarks>
/// The completion, without reasoning and without blanks around it, is what the model is to say for a label. A share of annotators who agree with it is
/// in the evidence; as a reward it is <see cref="KeptWeights.Agreement"/>.
/// </remarks>
public sealed class LabelVerifier : IVerifier
{
    /// <inheritdoc/>
    public string VersionOf(TaskKind task) => "label 1";

    /// <inheritdoc/>
    public ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Judge(problem, completion));
    }

    /// <inheritdoc/>
    public bool SameAnswer(Problem problem, string answer, string other) => string.Equals(answer, other, StringComparison.Ordinal);

    private static Finding Judge(Problem problem, string completion)
    {
        if (problem.Target is not { } target)
        {
            return new Finding { Verdict = Verdict.Unsupported, Reason = "no-labels" };
        }

        if (Reasoning.Without(completion) is not { } visible)
        {
            return new Finding { Verdict = Verdict.Unparsable, Reason = "unclosed-reasoning" };
        }

        if (target.Said(visible) is not { } label)
        {
            return new Finding { Verdict = Verdict.Unparsable, Reason = "no-label", Answer = visible.Trim() };
        }

        return new Finding
        {
            Verdict = label == target.Hard ? Verdict.Correct : Verdict.Incorrect,
            Reason = label == target.Hard ? "equal-label" : "differ-label",
            Answer = target.Labels[label],
            AnswerKey = target.Labels[label],
            Evidence = new Dictionary<string, string>
            {
                ["agreement"] = target.Distribution[label].ToString("0.####", CultureInfo.InvariantCulture),
                ["reference"] = target.HardLabel,
            },
        };
    }
}
