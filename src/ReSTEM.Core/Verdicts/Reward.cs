namespace ReSTEM.Core;

/// <summary>The binary reward r(x, y) of ReST-EM.</summary>
/// <remarks>Singh et al. 2023, arXiv:2312.06585, section 3.</remarks>
public static class Reward
{
    /// <summary>1 for <see cref="Verdict.Correct"/>, 0 for every other judged completion.</summary>
    /// <exception cref="ArgumentException">The verifier failed, so there is no reward to give.</exception>
    public static int Of(Verdict verdict) => verdict switch
    {
        Verdict.Correct => 1,
        Verdict.VerifierFailed => throw new ArgumentException(
            "A failed verifier gives no reward; retry it or drop the sample.", nameof(verdict)),
        _ => 0,
    };
}
