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
        return new PairedDifference(Average(differences), Quantile(means, 0.025), Quantile(means, 0.975), PValue(means));
    }

    /// <summary>A statistic of problems that need not be a mean, with its interval.</summary>
    /// <param name="count">Problems, at least 1.</param>
    /// <param name="statistic">Its value where each problem counts so many times; null for once each. The array is its own only during the call.</param>
    /// <param name="random">Same stream, same problems drawn: values of several statistics are paired.</param>
    /// <exception cref="ArgumentException">There are no problems.</exception>
    public static Estimate Of(int count, Func<int[]?, double> statistic, RandomStream random)
    {
        double[] values = [.. ResampledCounts(count, random).Select(statistic)];
        Array.Sort(values);
        return new Estimate(statistic(null), Quantile(values, 0.025), Quantile(values, 0.975));
    }

    /// <summary>The second statistic minus the first, of the same problems.</summary>
    /// <exception cref="ArgumentException">There are no problems.</exception>
    public static PairedDifference Difference(int count, Func<int[]?, double> first, Func<int[]?, double> second, RandomStream random)
    {
        double[] values = [.. ResampledCounts(count, random).Select(times => second(times) - first(times))];
        Array.Sort(values);
        return new PairedDifference(second(null) - first(null), Quantile(values, 0.025), Quantile(values, 0.975), PValue(values));
    }

    /// <summary>How often each problem is in each resample.</summary>
    private static IEnumerable<int[]> ResampledCounts(int count, RandomStream random)
    {
        if (count < 1)
        {
            throw new ArgumentException($"count is {count}, expected at least 1 problem.", nameof(count));
        }

        int[] times = new int[count];
        uint position = 0;
        for (int resample = 0; resample < Resamples; resample++)
        {
            Array.Clear(times);
            for (int drawn = 0; drawn < count; drawn += 4)
            {
                var (x0, x1, x2, x3) = random.Block(position++);
                foreach (uint bits in ((ReadOnlySpan<uint>)[x0, x1, x2, x3])[..Math.Min(4, count - drawn)])
                {
                    times[(int)(((ulong)bits * (ulong)count) >> 32)]++;
                }
            }

            yield return times;
        }
    }

    private static double PValue(double[] values)
    {
        int notAbove = values.Count(value => value <= 0), notBelow = values.Count(value => value >= 0);
        return Math.Min(1, 2 * (Math.Min(notAbove, notBelow) + 1.0) / (Resamples + 1.0));
    }

    private static double[] ResampledMeans(IReadOnlyList<double> values, RandomStream random)
    {
        if (values.Count == 0)
        {
            throw new ArgumentException("values.Count is 0, expected at least 1 problem.", nameof(values));
        }

        double[] means = new double[Resamples], all = [.. values]; // an array is read without a call
        uint position = 0;
        for (int resample = 0; resample < Resamples; resample++)
        {
            double sum = 0;
            for (int i = 0; i < all.Length; i += 4)
            {
                var block = random.Block(position++);
                sum += Of(all, block.X0);
                sum += i + 1 < all.Length ? Of(all, block.X1) : 0;
                sum += i + 2 < all.Length ? Of(all, block.X2) : 0;
                sum += i + 3 < all.Length ? Of(all, block.X3) : 0;
            }

            means[resample] = sum / all.Length;
        }

        Array.Sort(means);
        return means;

        // 32 random bits scaled to the count: the bias is below count / 2^32.
        static double Of(double[] all, uint bits) => all[(int)(((ulong)bits * (ulong)all.Length) >> 32)];
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

    /// <summary>Of sorted values, linear between neighbours.</summary>
    internal static double Quantile(double[] sorted, double probability)
    {
        double position = probability * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
