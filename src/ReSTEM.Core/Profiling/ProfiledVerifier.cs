namespace ReSTEM.Core;

/// <summary>A verifier that tells when it judges.</summary>
internal sealed class ProfiledVerifier(IVerifier verifier, RunProfile profile) : IVerifier
{
    public string VersionOf(TaskKind task) => verifier.VersionOf(task);

    public async ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken)
    {
        using var work = profile.During(Activity.Verification);
        return await verifier.VerifyAsync(problem, completion, cancellationToken);
    }

    public bool SameAnswer(Problem problem, string answer, string other) => verifier.SameAnswer(problem, answer, other);
}
