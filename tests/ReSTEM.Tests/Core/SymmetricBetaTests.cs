using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class SymmetricBetaTests
{
    private const int Count = 20_000;

    // Of 20,000 independent numbers the largest distance between their distribution and the true one is below 1.63 / sqrt(n) with 99 % chance (Kolmogorov).
    private static readonly double Bound = 1.63 / Math.Sqrt(Count);

    [Theory]
    [InlineData(0.5)] // the arcsine distribution: F(x) = 2 / pi asin(sqrt x)
    [InlineData(1)] // uniform
    [InlineData(2)] // F(x) = 3 x^2 - 2 x^3
    [InlineData(3)] // F(x) = 10 x^3 - 15 x^4 + 6 x^5
    public void Numbers_have_the_distribution(double shape)
    {
        double[] sorted = Draw(shape);
        double most = sorted.Select((x, i) => Math.Max(Math.Abs(Exact(shape, x) - (i / (double)Count)), Math.Abs(Exact(shape, x) - ((i + 1.0) / Count)))).Max();
        Assert.InRange(most, 0, Bound);
    }

    // The variance of Beta(a, a) is 1 / (4 (2 a + 1)), its fourth central moment 3 / (16 (2 a + 1) (2 a + 3)).
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.2)]
    [InlineData(0.7)]
    [InlineData(1.5)]
    [InlineData(40)]
    [InlineData(1000)]
    public void Moments_are_those_of_the_distribution(double shape)
    {
        double[] numbers = Draw(shape);
        double variance = 1 / (4 * ((2 * shape) + 1)), fourth = 3 / (16 * ((2 * shape) + 1) * ((2 * shape) + 3));
        double squares = numbers.Average(x => (x - 0.5) * (x - 0.5)), error = Math.Sqrt((fourth - (variance * variance)) / Count);
        Assert.InRange(numbers.Average(), 0.5 - (4 * Math.Sqrt(variance / Count)), 0.5 + (4 * Math.Sqrt(variance / Count)));
        Assert.InRange(squares, variance - (4 * error), variance + (4 * error));
        Assert.All(numbers, x => Assert.InRange(x, 0, 1));
    }

    [Fact]
    public void A_shape_that_is_none_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomStream.Of(1, RandomPurpose.Mixup).Sequence().SymmetricBeta(0));

    private static double Exact(double shape, double x) => shape switch
    {
        0.5 => 2 / Math.PI * Math.Asin(Math.Sqrt(x)),
        1 => x,
        2 => (3 * x * x) - (2 * x * x * x),
        _ => (10 * Math.Pow(x, 3)) - (15 * Math.Pow(x, 4)) + (6 * Math.Pow(x, 5)),
    };

    private static double[] Draw(double shape)
    {
        RandomSequence random = RandomStream.Of(11, RandomPurpose.Mixup).Sequence();
        return [.. Enumerable.Range(0, Count).Select(_ => random.SymmetricBeta(shape)).Order()];
    }
}
