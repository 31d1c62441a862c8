using ReSTEM.Core;

namespace ReSTEM.Answers;

/// <summary>Judges labels and exact answers by BIG-Bench Hard's exact-match rule.</summary>
/// <remarks>
/// Suzgun et al. 2022, arXiv:2210.09261: the final answer is what follows "the answer is", without the closing period, and must
/// equal the target. What counts as equal here is only wider in spelling: "(B)", "B", "B)" and "(B) text" are one label; labels,
/// yes/no, true/false and valid/invalid ignore case; brackets ignore blanks; words are compared after collapsing blanks.
/// </remarks>
public sealed class ChoiceVerifier : IVerifier
{
    /// <inheritdoc/>
    public string VersionOf(TaskKind task) => "choice 2";

    /// <inheritdoc/>
    public ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Judge(problem, completion));
    }

    /// <inheritdoc/>
    public bool SameAnswer(Problem problem, string answer, string other)
    {
        var kind = ExactAnswer.KindOf(problem.Reference, problem.Choices);
        return ExactAnswer.Canonical(answer, kind) is { } key && key == ExactAnswer.Canonical(other, kind);
    }

    private static bool SameText(string text, string other) =>
        string.Equals(text.Trim(), other.Trim(), StringComparison.OrdinalIgnoreCase);

    private static Finding Judge(Problem problem, string completion)
    {
        string reference = problem.Reference.Trim();
        if (reference.Length == 0)
        {
            return new Finding { Verdict = Verdict.Unsupported, Reason = "no-reference" };
        }

        var kind = ExactAnswer.KindOf(reference, problem.Choices);
        if (Reasoning.Without(completion) is not { } visible)
        {
            return new Finding { Verdict = Verdict.Unparsable, Reason = "unclosed-reasoning" };
        }

        if (FinalAnswer.Find(visible, problem.Prompt, kind) is not { } found)
        {
            return new Finding { Verdict = Verdict.Unparsable, Reason = "no-answer" };
        }

        if (!found.IsSingle)
        {
            return new Finding { Verdict = Verdict.Unparsable, Reason = "no-single-answer", Answer = found.Text };
        }

        if (found.Text.Length == 0)
        {
            return new Finding { Verdict = Verdict.Unparsable, Reason = "no-answer" };
        }

        var (answer, rule) = (found.Text, found.Rule);

        var evidence = new Dictionary<string, string> { ["rule"] = rule, ["kind"] = kind.ToString().ToLowerInvariant() };
        if (ExactAnswer.Canonical(answer, kind) is not { } key)
        {
            return new Finding { Verdict = Verdict.Unparsable, Reason = "no-label", Answer = answer, Evidence = evidence };
        }

        string expected = ExactAnswer.Canonical(reference, kind)!;
        evidence["answer"] = key;
        evidence["reference"] = expected;
        bool same = key == expected && (kind != ExactAnswerKind.Label || ChoiceLabels.Judge(reference, answer, problem.Prompt, SameText) != false);
        return new Finding
        {
            Verdict = same ? Verdict.Correct : Verdict.Incorrect,
            Reason = same ? "equal-choice" : "differ-choice",
            Answer = answer,
            AnswerKey = key,
            Evidence = evidence,
        };
    }
}
