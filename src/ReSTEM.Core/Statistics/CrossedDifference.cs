namespace ReSTEM.Core;

/// <summary>
/// The difference between two recipes, each run with several seeds and measured on the same problems: paired by problem and by seed. Its interval
/// covers other problems and other seeds. What a seed does to all problems alike is estimated from as many numbers as there are seeds, so that few
/// seeds make wide intervals where seeds matter.
/// </summary>
/// <remarks>
/// Two-way layout with random effects: the variance of the mean is (MS of problems + MS of seeds - MS of the rest) / (problems * seeds),
/// its degrees of freedom, no fewer than the seeds have, by Satterthwaite 1946, "An approximate distribution of estimates of variance components", Biometrics Bulletin 2(6).
/// Where the seeds differ no more than the rest explains, they are left out.
/// </remarks>
public static class CrossedDifference
{
    /// <summary>Probability of being outside of an interval.</summary>
    private const double Outside = 0.05;

    /// <summary>Mean of <paramref name="second"/> minus <paramref name="first"/>, with a 95 % interval and a two-sided p-value.</summary>
    /// <param name="first">Values by seed and problem, <c>[S][P]</c>.</param>
    /// <param name="second">The same seeds and problems.</param>
    /// <param name="random">For one seed alone, whose interval is that of <see cref="Bootstrap"/> over problems.</param>
    /// <exception cref="ArgumentException">There are no seeds or fewer than two problems, or the shapes differ.</exception>
    public static PairedDifference Of(IReadOnlyList<IReadOnlyList<double>> first, IReadOnlyList<IReadOnlyList<double>> second, RandomStream random)
    {
        if (first.Count == 0 || first.Count != second.Count || first.Zip(second).Any(pair => pair.First.Count != pair.Second.Count || pair.First.Count != first[0].Count))
        {
            throw new ArgumentException("second has another shape, expected as many seeds as first, at least one, and as many problems for each.", nameof(second));
        }

        if (first.Count == 1)
        {
            return Bootstrap.Difference(first[0], second[0], random);
        }

        return first[0].Count > 1
            ? Of([.. first.Zip(second, (a, b) => a.Zip(b, (before, after) => after - before).ToArray())])
            : throw new ArgumentException($"first has {first[0].Count} problems, expected at least 2.", nameof(first));
    }

    private static PairedDifference Of(double[][] differences)
    {
        double seeds = differences.Length, problems = differences[0].Length;
        double[] ofSeed = [.. differences.Select(row => row.Average())];
        double[] ofProblem = [.. Enumerable.Range(0, differences[0].Length).Select(p => differences.Average(row => row[p]))];
        double mean = ofSeed.Average();
        double rest = 0;
        for (int s = 0; s < differences.Length; s++)
        {
            for (int p = 0; p < ofProblem.Length; p++)
            {
                rest += Square(differences[s][p] - ofSeed[s] - ofProblem[p] + mean);
            }
        }

        double byProblem = seeds * ofProblem.Sum(value => Square(value - mean)) / (problems - 1);
        double bySeed = problems * ofSeed.Sum(value => Square(value - mean)) / (seeds - 1);
        double byRest = rest / ((problems - 1) * (seeds - 1));
        var (variance, degrees) = (byProblem, problems - 1);
        if (bySeed > byRest)
        {
            variance = byProblem + bySeed - byRest;
            double satterthwaite = Square(variance) / ((Square(byProblem) / (problems - 1)) + (Square(bySeed) / (seeds - 1)) + (Square(byRest) / ((problems - 1) * (seeds - 1))));
            degrees = Math.Max(satterthwaite, seeds - 1);
        }

        double error = Math.Sqrt(variance / (problems * seeds));
        if (error == 0)
        {
            return new PairedDifference(mean, mean, mean, mean == 0 ? 1 : 0);
        }

        double half = StudentT.Quantile(Outside, degrees) * error;
        return new PairedDifference(mean, mean - half, mean + half, StudentT.TwoSided(mean / error, degrees));
    }

    private static double Square(double value) => value * value;
}
