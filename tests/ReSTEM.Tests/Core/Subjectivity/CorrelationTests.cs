using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class CorrelationTests
{
    /// <summary>Anscombe 1973, "Graphs in Statistical Analysis", set 1: y = 3.0 + 0.5 x, R^2 = 0.667.</summary>
    [Fact]
    public void The_line_is_that_of_Anscombe()
    {
        LinearFit fit = LinearFit.Of([10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5], [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68])!;
        Assert.Equal((3.00, 0.500, 0.667), (Math.Round(fit.Intercept, 2), Math.Round(fit.Slope, 3), Math.Round(fit.RSquared!.Value, 3)));
    }

    [Fact]
    public void A_line_needs_two_different_x()
    {
        Assert.Null(LinearFit.Of([1], [1]));
        Assert.Null(LinearFit.Of([2, 2], [1, 3]));
        Assert.Equal(new LinearFit(4, 0, null), LinearFit.Of([1, 2], [4, 4]));
        Assert.Throws<ArgumentException>(() => LinearFit.Of([1, 2], [1]));
    }

    /// <summary>The worked example of Wikipedia's article on Spearman's rho, IQ against hours of television: -29/165.</summary>
    [Fact]
    public void Rho_is_that_of_the_worked_example() => Assert.Equal(
        -29.0 / 165,
        RankCorrelation.Spearman([106, 100, 86, 101, 99, 103, 97, 113, 112, 110], [7, 27, 2, 50, 28, 29, 20, 12, 6, 17])!.Value,
        precision: 12);

    // With ties: Pearson's correlation of ranks counted one by one, 1 + those below + half of the equal others.
    [Fact]
    public void Rho_with_ties_is_the_correlation_of_mean_ranks()
    {
        RandomSequence random = RandomStream.Of(3, RandomPurpose.Problems).Sequence();
        for (int trial = 0; trial < 50; trial++)
        {
            double[] x = [.. Enumerable.Range(0, 9).Select(_ => (double)random.Below(4))], y = [.. Enumerable.Range(0, 9).Select(_ => (double)random.Below(5))];
            double[] a = Ranks(x), b = Ranks(y);
            double covariance = a.Zip(b, (one, other) => (one - 5) * (other - 5)).Sum();
            double scale = Math.Sqrt(a.Sum(one => (one - 5) * (one - 5)) * b.Sum(one => (one - 5) * (one - 5)));
            Assert.Equal(scale == 0 ? 0 : covariance / scale, RankCorrelation.Spearman(x, y) ?? 0, precision: 12);
        }
    }

    [Fact]
    public void Rho_is_not_defined_where_nothing_varies_and_refuses_what_has_no_rank()
    {
        Assert.Null(RankCorrelation.Spearman([], []));
        Assert.Null(RankCorrelation.Spearman([1, 2], [3, 3]));
        Assert.Equal(1, RankCorrelation.Spearman([1, 2], [3, double.PositiveInfinity]));
        Assert.Throws<ArgumentException>(() => RankCorrelation.Spearman([1, double.NaN], [1, 2]));
    }

    private static double[] Ranks(double[] values) =>
        [.. values.Select(value => 1 + values.Count(other => other < value) + ((values.Count(other => other == value) - 1) / 2.0))];
}
