namespace ReSTEM.Core;

/// <summary>Correlation of ranks.</summary>
public static class RankCorrelation
{
    /// <summary>Spearman's rho, in [-1, 1]; null with fewer than two pairs, or where one side does not vary.</summary>
    /// <remarks>Spearman 1904: Pearson's correlation of the ranks, where equal values share the mean of their ranks.</remarks>
    /// <exception cref="ArgumentException">The lists differ in length, or a value is not a number.</exception>
    public static double? Spearman(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count)
        {
            throw new ArgumentException($"y.Count is {y.Count}, expected {x.Count} (x.Count).", nameof(y));
        }

        if (x.Concat(y).Any(double.IsNaN))
        {
            throw new ArgumentException("a value is NaN, expected numbers: what is not a number has no rank.", nameof(x));
        }

        double[] ranksX = Ranks(x), ranksY = Ranks(y);
        double mean = (x.Count + 1) / 2.0, xx = 0, xy = 0, yy = 0;
        for (int i = 0; i < x.Count; i++)
        {
            xx += (ranksX[i] - mean) * (ranksX[i] - mean);
            xy += (ranksX[i] - mean) * (ranksY[i] - mean);
            yy += (ranksY[i] - mean) * (ranksY[i] - mean);
        }

        return xx == 0 || yy == 0 ? null : Math.Clamp(xy / Math.Sqrt(xx * yy), -1, 1);
    }

    /// <summary>From 1; equal values have the mean of the ranks that they take together.</summary>
    private static double[] Ranks(IReadOnlyList<double> values)
    {
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(i => values[i])];
        var ranks = new double[values.Count];
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && values[order[end]] == values[order[start]]; end++)
            {
            }

            for (int i = start; i < end; i++)
            {
                ranks[order[i]] = (start + 1 + end) / 2.0;
            }
        }

        return ranks;
    }
}
