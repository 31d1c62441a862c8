namespace ReSTEM.Core;

/// <summary>The reward r(x, y) of ReST-EM: the one place that makes a number of a finding.</summary>
/// <remarks>Singh et al. 2023, arXiv:2312.06585, section 3.</remarks>
public static class Reward
{
    /// <summary>In [0, 1]: 1 for <see cref="Verdict.Correct"/>, 0 for every other judged completion.</summary>
    /// <exception cref="ArgumentException">The verifier failed, so there is no reward to give.</exception>
    public static double Of(Finding finding) => finding.Verdict switch
    {
        Verdict.Correct => 1,
        Verdict.VerifierFailed => throw new ArgumentException(
            "A failed verifier gives no reward; retry it or drop the sample.", nameof(finding)),
        _ => 0,
    };
}
