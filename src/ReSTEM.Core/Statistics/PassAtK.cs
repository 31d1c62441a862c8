namespace ReSTEM.Core;

/// <summary>Probability that at least one of k samples is correct.</summary>
/// <remarks>Chen et al. 2021, arXiv:2107.03374, equation 1: the unbiased estimator 1 - C(n-c, k) / C(n, k), in product form.</remarks>
public static class PassAtK
{
    /// <summary>The estimate for one problem.</summary>
    /// <param name="drawn">Samples n, at least <paramref name="k"/>.</param>
    /// <param name="correct">Correct ones c, 0 to n.</param>
    /// <param name="k">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is larger than n, or a count is out of range.</exception>
    public static double Estimate(int drawn, int correct, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, drawn);
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, drawn);
        double allWrong = 1;
        for (int i = drawn - correct + 1; i <= drawn; i++)
        {
            allWrong *= Math.Max(0, 1 - ((double)k / i));
        }

        return 1 - allWrong;
    }
}
