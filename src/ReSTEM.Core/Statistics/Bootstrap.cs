namespace ReSTEM.Core;

/// <summary>Percentile bootstrap over problems, seeded.</summary>
/// <remarks>Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapters 13 and 16.</remarks>
public static class Bootstrap
{
    /// <summary>Resamples drawn for every interval.</summary>
    public const int Resamples = 4000;

    /// <summary>Mean over problems with its interval.</summary>
    /// <param name="values">One value per problem; not empty.</param>
    /// <param name="random">Same stream, same interval.</param>
    /// <exception cref="ArgumentException">There are no values.</exception>
    public static Estimate Mean(IReadOnlyList<double> values, RandomStream random)
    {
        double[] means = ResampledMeans(values, random);
        return new Estimate(Average(values), Quantile(means, 0.025), Quantile(means, 0.975));
    }

    /// <summary>Mean of <paramref name="second"/> minus <paramref name="first"/>, problem by problem.</summary>
    /// <exception cref="ArgumentException">The lists are empty or differ in length.</exception>
    public static PairedDifference Difference(IReadOnlyList<double> first, IReadOnlyList<double> second, RandomStream random)
    {
        if (first.Count != second.Count)
        {
            throw new ArgumentException($"second.Count is {second.Count}, expected {first.Count} (first.Count).", nameof(second));
        }

        double[] differences = [.. second.Zip(first, (b, a) => b - a)];
        double[] means = ResampledMeans(differences, random);
        int notAbove = means.Count(mean => mean <= 0);
        int notBelow = means.Count(mean => mean >= 0);
        double tail = (Math.Min(notAbove, notBelow) + 1.0) / (Resamples + 1.0);
        return new PairedDifference(
            Average(differences), Quantile(means, 0.025), Quantile(means, 0.975), Math.Min(1, 2 * tail));
    }

    private static double[] ResampledMeans(IReadOnlyList<double> values, RandomStream random)
    {
        if (values.Count == 0)
        {
            throw new ArgumentException("values.Count is 0, expected at least 1 problem.", nameof(values));
        }

        var means = new double[Resamples];
        uint position = 0;
        for (int resample = 0; resample < Resamples; resample++)
        {
            double sum = 0;
            for (int i = 0; i < values.Count; i += 4)
            {
                var block = random.Block(position++);
                sum += values[Index(block.X0)];
                sum += i + 1 < values.Count ? values[Index(block.X1)] : 0;
                sum += i + 2 < values.Count ? values[Index(block.X2)] : 0;
                sum += i + 3 < values.Count ? values[Index(block.X3)] : 0;
            }

            means[resample] = sum / values.Count;
        }

        Array.Sort(means);
        return means;

        // 32 random bits scaled to the count: the bias is below count / 2^32.
        int Index(uint bits) => (int)(((ulong)bits * (ulong)values.Count) >> 32);
    }

    private static double Average(IReadOnlyList<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum / values.Count;
    }

    private static double Quantile(double[] sorted, double probability)
    {
        double position = probability * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
