namespace ReSTEM.Core;

/// <summary>Expected success of a majority vote among k of the n samples of one problem (maj@k, self-consistency).</summary>
/// <remarks>
/// Wang et al. 2022, arXiv:2203.11171, for the vote. The expectation is exact: over all C(n, k) subsets, by convolution over the
/// answer classes. Votes are counted per answer class; samples without an answer abstain; a tie counts as the share 1 / (number tied).
/// </remarks>
public static class MajorityVote
{
    /// <summary>Most samples per problem for which the binomials stay inside a double.</summary>
    public const int MaxDrawn = 1000;

    /// <summary>The expectation for one problem.</summary>
    /// <param name="right">Samples that gave the right answer.</param>
    /// <param name="wrong">Sizes of the classes of wrong answers.</param>
    /// <param name="abstained">Samples that gave no answer.</param>
    /// <param name="k">Votes, 1 to the number of samples.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is larger than the number of samples, or that is over <see cref="MaxDrawn"/>.</exception>
    public static double Expectation(int right, IReadOnlyList<int> wrong, int abstained, int k)
    {
        int drawn = right + wrong.Sum() + abstained;
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, drawn);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(drawn, MaxDrawn);
        double won = 0;
        for (int votes = 1; votes <= Math.Min(right, k); votes++)
        {
            double[] ways = WaysToLoseOrTie(wrong, abstained, votes, k - votes);
            double share = 0;
            for (int tied = 0; tied < ways.Length; tied++)
            {
                share += ways[tied] / (1 + tied);
            }

            won += Binomial(right, votes) * share;
        }

        return won / Binomial(drawn, k);
    }

    /// <summary>By number of tied classes: in how many ways the other votes spread so that no wrong class has more than <paramref name="votes"/>.</summary>
    private static double[] WaysToLoseOrTie(IReadOnlyList<int> wrong, int abstained, int votes, int others)
    {
        int mostTied = others / votes;
        var ways = new double[others + 1, mostTied + 1];
        for (int drawn = 0; drawn <= Math.Min(abstained, others); drawn++)
        {
            ways[drawn, 0] = Binomial(abstained, drawn);
        }

        foreach (int size in wrong)
        {
            ways = WithClass(ways, size, votes);
        }

        return [.. Enumerable.Range(0, mostTied + 1).Select(tied => ways[others, tied])];
    }

    private static double[,] WithClass(double[,] ways, int size, int votes)
    {
        int others = ways.GetLength(0) - 1;
        int mostTied = ways.GetLength(1) - 1;
        var next = new double[others + 1, mostTied + 1];
        for (int taken = 0; taken <= Math.Min(size, votes); taken++)
        {
            double choices = Binomial(size, taken);
            int tie = taken == votes ? 1 : 0;
            for (int drawn = 0; drawn + taken <= others; drawn++)
            {
                for (int tied = 0; tied + tie <= mostTied; tied++)
                {
                    next[drawn + taken, tied + tie] += choices * ways[drawn, tied];
                }
            }
        }

        return next;
    }

    private static double Binomial(int n, int k)
    {
        double result = 1;
        for (int i = 1; i <= Math.Min(k, n - k); i++)
        {
            result = result * (n - i + 1) / i;
        }

        return result;
    }
}
