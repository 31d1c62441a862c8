namespace ReSTEM.Core;

/// <summary>How the loop asks a verifier.</summary>
public static class Judging
{
    private const int Attempts = 3;

    /// <summary>A finding with the version of who found it. A verifier that fails is asked again, three times in all.</summary>
    public static async Task<Finding> JudgeAsync(this IVerifier verifier, Problem problem, string completion, CancellationToken cancellationToken)
    {
        Finding finding = await verifier.VerifyAsync(problem, completion, cancellationToken);
        for (int attempt = 1; finding.Verdict is Verdict.VerifierFailed && attempt < Attempts; attempt++)
        {
            finding = await verifier.VerifyAsync(problem, completion, cancellationToken);
        }

        return finding with { Verifier = verifier.VersionOf(problem.Task) };
    }
}
