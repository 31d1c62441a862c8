using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class RaterAgreementTests
{
    private static readonly RandomStream Stream = RandomStream.Of(1, RandomPurpose.Bootstrap);

    [Theory]
    [InlineData("a", 1)]
    [InlineData("b a b", 2.0 / 3)]
    [InlineData("a b", 0.5)]
    [InlineData("a b c b c", 0.4)]
    public void Agreement_is_the_share_of_the_most_frequent_label(string ratings, double expected) =>
        Assert.Equal(expected, RaterAgreement.Of(ratings.Split(' ')), precision: 12);

    [Fact]
    public void Nobody_rated_is_refused() => Assert.Throws<ArgumentException>(() => RaterAgreement.Of([]));

    // Thresholds 0.5, 0.75 and 1: all four items, then the last three, then the last two.
    [Fact]
    public void The_curve_counts_the_items_that_reach_each_threshold()
    {
        AgreementCurve curve = AgreementCurve.Of([new(1, 1), new(0.5, 0), new(0.75, 0), new(1, 1)], Stream);
        Assert.Equal([(0.5, 4, 0.5), (0.75, 3, 2.0 / 3), (1, 2, 1)], curve.Points.Select(point => (point.Gamma, point.Items, point.Accuracy.Value)));
        Assert.All(curve.Points, point => Assert.InRange(point.Accuracy.Value, point.Accuracy.Low, point.Accuracy.High));
        Assert.Equal(1, curve.Spearman);

        // Means 0.75 and 13/18; slope sum(dx dy) / sum(dx^2) = (0.25 * 0.5) / 0.125 = 1, and R^2 = 0.125 / sum(dy^2).
        double[] residuals = [0.5 - (13.0 / 18), (2.0 / 3) - (13.0 / 18), 1 - (13.0 / 18)];
        Assert.Equal(1, curve.Fit!.Slope, precision: 12);
        Assert.Equal(0.125 / residuals.Sum(value => value * value), curve.Fit.RSquared!.Value, precision: 12);
    }

    [Fact]
    public void One_threshold_gives_no_line_and_no_correlation()
    {
        AgreementCurve curve = AgreementCurve.Of([new(2.0 / 3, 1), new(1 - (1.0 / 3), 0)], Stream); // one agreement, but for the last bit
        Assert.Equal((1, null, null), (curve.Points.Count, curve.Fit, curve.Spearman));
        Assert.Equal(0.5, curve.Points[0].Accuracy.Value);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1.5)]
    [InlineData(double.NaN, 1)]
    public void Numbers_out_of_range_are_refused(double agreement, double correct) =>
        Assert.Throws<ArgumentException>(() => AgreementCurve.Of([new(agreement, correct)], Stream));

    [Fact]
    public void No_items_are_refused() => Assert.Throws<ArgumentException>(() => AgreementCurve.Of([], Stream));
}
