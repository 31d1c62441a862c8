using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>Differences over problems and seeds, and the distribution that their intervals come from.</summary>
public sealed class CrossedDifferenceTests
{
    private static readonly RandomStream Bootstrapped = RandomStream.Of(1, RandomPurpose.Bootstrap);

    // Table 26.10 of Abramowitz and Stegun 1964; one degree of freedom is Cauchy's: tan(0.475 pi).
    [Theory]
    [InlineData(1, 12.7062047361747)]
    [InlineData(2, 4.30265272974946)]
    [InlineData(10, 2.22813885198627)]
    [InlineData(120, 1.97993040508242)]
    [InlineData(1e7, 1.95996422)]
    public void Quantiles_are_those_of_the_tables(double degrees, double quantile)
    {
        Assert.Equal(quantile, StudentT.Quantile(0.05, degrees), tolerance: 1e-8);
        Assert.Equal(0.05, StudentT.TwoSided(-quantile, degrees), tolerance: 1e-9);
    }

    [Fact]
    public void Tails_are_one_at_nought_and_nought_far_away()
    {
        Assert.Equal(1, StudentT.TwoSided(0, 3));
        Assert.Equal(0, StudentT.TwoSided(double.PositiveInfinity, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.TwoSided(1, 0));
    }

    // Seeds differ in nothing: what is left is the interval of the problems' means, +- t(P - 1) s / sqrt(P).
    [Fact]
    public void Seeds_that_agree_leave_the_interval_of_the_problems()
    {
        double[] values = [0.5, 0.25, 0.75, 0, 1, 0.25];
        double mean = values.Average(), error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / 5 / 6);
        double[] zeros = new double[6];
        PairedDifference difference = CrossedDifference.Of([zeros, zeros, zeros], [values, values, values], Bootstrapped);
        Assert.Equal(mean, difference.Value, precision: 12);
        Assert.Equal(mean - (2.5705818356 * error), difference.Low, tolerance: 1e-8); // t(5)
        Assert.Equal(mean + (2.5705818356 * error), difference.High, tolerance: 1e-8);
    }

    // Problems agree and seeds differ: the interval of the seeds' means, with two degrees of freedom.
    [Fact]
    public void Problems_that_agree_leave_the_interval_of_the_seeds()
    {
        double[][] second = [.. new[] { 0.1, 0.2, 0.6 }.Select(value => Enumerable.Repeat(value, 50).ToArray())];
        PairedDifference difference = CrossedDifference.Of([.. second.Select(_ => new double[50])], second, Bootstrapped);
        double error = Math.Sqrt(((0.04 + 0.01 + 0.09) / 2) / 3); // mean 0.3
        Assert.Equal(0.3 - (4.30265272975 * error), difference.Low, tolerance: 1e-9);
        Assert.Equal(StudentT.TwoSided(0.3 / error, 2), difference.PValue, precision: 9);
    }

    [Fact]
    public void One_seed_is_the_paired_bootstrap_and_shapes_must_agree()
    {
        double[] first = [0, 0.5, 1, 0.25], second = [0.5, 0.5, 1, 1];
        Assert.Equal(Bootstrap.Difference(first, second, Bootstrapped), CrossedDifference.Of([first], [second], Bootstrapped));
        Assert.Equal(new PairedDifference(0, 0, 0, 1), CrossedDifference.Of([first, first], [first, first], Bootstrapped));
        Assert.Throws<ArgumentException>(() => CrossedDifference.Of([first], [second, second], Bootstrapped));
        Assert.Throws<ArgumentException>(() => CrossedDifference.Of([first, [1.0]], [second, [1.0]], Bootstrapped));
        Assert.Throws<ArgumentException>(() => CrossedDifference.Of([[1.0], [1.0]], [[1.0], [1.0]], Bootstrapped));
    }

    /// <summary>Recipes whose true difference is 5 points, with effects of problem, of seed, and of both; 2,000 sweeps of 100 problems.</summary>
    /// <param name="seeds">Seeds of a sweep.</param>
    /// <param name="ofSeed">Standard deviation of what a seed does to all problems alike.</param>
    [Theory]
    [InlineData(3, 0.01)]
    [InlineData(3, 0.03)]
    [InlineData(5, 0.02)]
    public void Ninety_five_of_a_hundred_intervals_hold_the_true_difference(int seeds, double ofSeed)
    {
        const int Sweeps = 2000, Problems = 100;
        const double True = 0.05;
        int held = 0;
        double[][] zeros = [.. Enumerable.Range(0, seeds).Select(_ => new double[Problems])];
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            var random = RandomStream.Of(5, RandomPurpose.Problems).At(seeds, "", sweep);
            uint position = 0;
            double[] ofProblem = [.. Enumerable.Range(0, Problems).Select(_ => 0.2 * Normal(random, ref position))];
            double[][] second = [.. Enumerable.Range(0, seeds).Select(_ =>
            {
                double seed = ofSeed * Normal(random, ref position);
                return ofProblem.Select(problem => True + problem + seed + (0.3 * Normal(random, ref position))).ToArray();
            })];
            PairedDifference difference = CrossedDifference.Of(zeros, second, Bootstrapped);
            held += difference.Low <= True && True <= difference.High ? 1 : 0;
        }

        Assert.InRange(held / (double)Sweeps, 0.93, 0.97);
    }

    /// <summary>Mean pass rates, and paired differences of them, of policies whose truth is known: 1,000 sets of 100 problems, 8 samples each.</summary>
    [Fact]
    public void Ninety_five_of_a_hundred_intervals_over_problems_hold_the_truth()
    {
        const int Sets = 1000, Problems = 100, Samples = 8;
        int means = 0, differences = 0;
        for (int set = 0; set < Sets; set++)
        {
            var random = RandomStream.Of(6, RandomPurpose.Problems).At(0, "", set);
            uint position = 0;
            var (first, second) = (new double[Problems], new double[Problems]);
            for (int p = 0; p < Problems; p++)
            {
                double solved = random.Uniform(position++); // uniform over problems: 1/2 on average; the other policy solves a tenth more of the rest
                first[p] = Rate(solved, ref position);
                second[p] = Rate(solved + (0.1 * (1 - solved)), ref position);
            }

            Estimate mean = Bootstrap.Mean(first, Bootstrapped);
            means += mean.Low <= 0.5 && 0.5 <= mean.High ? 1 : 0;
            PairedDifference difference = Bootstrap.Difference(first, second, Bootstrapped);
            differences += difference.Low <= 0.05 && 0.05 <= difference.High ? 1 : 0;

            double Rate(double probability, ref uint at)
            {
                int correct = 0;
                for (int sample = 0; sample < Samples; sample++)
                {
                    correct += random.Uniform(at++) < probability ? 1 : 0;
                }

                return PassAtK.Estimate(Samples, correct, 1);
            }
        }

        Assert.InRange(means / (double)Sets, 0.93, 0.97);
        Assert.InRange(differences / (double)Sets, 0.93, 0.97);
    }

    /// <summary>Twelve uniform numbers less six: mean 0, variance 1, and near enough to normal.</summary>
    private static double Normal(RandomStream random, ref uint position)
    {
        double sum = -6;
        for (int i = 0; i < 12; i++)
        {
            sum += random.Uniform(position++);
        }

        return sum;
    }
}
