using ReSTEM.Core;

namespace ReSTEM.Answers;

/// <summary>Judges mathematical answers by exact equality of meaning; docs/math-answers.md is its published semantics.</summary>
/// <remarks>
/// Exact, symmetric, bounded by steps and without state: safe for any number of threads. Reasons are
/// "equal-RULE", "differ-RULE", "no-answer", "unreadable-answer", "no-reference" and the names of limits.
/// </remarks>
public sealed class MathVerifier(MathVerifierOptions options) : IVerifier
{
    /// <summary>A verifier with the default options.</summary>
    public MathVerifier()
        : this(new MathVerifierOptions())
    {
    }

    /// <inheritdoc/>
    public string VersionOf(TaskKind task) => "math 9";

    /// <inheritdoc/>
    public ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var context = new AnswerContext(problem.Prompt);
        return ValueTask.FromResult(Judgement.Guard(() => Judgement.Of(problem, completion, context, options)));
    }

    /// <inheritdoc/>
    public bool SameAnswer(Problem problem, string answer, string other) =>
        Judgement.Guard(() => Judgement.OfAnswers(answer, other, new AnswerContext(problem.Prompt), options)).Verdict == Verdict.Correct;

    /// <summary>Compares two answers, without a problem and without extraction; the same for either order.</summary>
    /// <returns>Correct when they mean the same, else Incorrect, Unparsable or LimitExceeded.</returns>
    public Finding Compare(string answer, string other) =>
        Judgement.Guard(() => Judgement.OfAnswers(answer, other, AnswerContext.None, options));
}
