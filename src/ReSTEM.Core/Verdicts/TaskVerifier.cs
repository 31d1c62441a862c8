namespace ReSTEM.Core;

/// <summary>Hands each problem to the verifier of its task.</summary>
/// <param name="verifiers">By task; a task that is missing is Unsupported.</param>
public sealed class TaskVerifier(IReadOnlyDictionary<TaskKind, IVerifier> verifiers) : IVerifier
{
    /// <inheritdoc/>
    public string VersionOf(TaskKind task) =>
        verifiers.TryGetValue(task, out IVerifier? verifier) ? verifier.VersionOf(task) : "none";

    /// <inheritdoc/>
    public ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken) =>
        verifiers.TryGetValue(problem.Task, out IVerifier? verifier)
            ? verifier.VerifyAsync(problem, completion, cancellationToken)
            : ValueTask.FromResult(new Finding { Verdict = Verdict.Unsupported, Reason = "no-verifier-for-task" });

    /// <inheritdoc/>
    public bool SameAnswer(Problem problem, string answer, string other) =>
        verifiers.TryGetValue(problem.Task, out IVerifier? verifier)
            ? verifier.SameAnswer(problem, answer, other)
            : string.Equals(answer, other, StringComparison.Ordinal);
}
