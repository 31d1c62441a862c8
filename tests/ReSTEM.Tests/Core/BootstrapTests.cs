using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class BootstrapTests
{
    private const int DataSets = 300;
    private const int Problems = 40;

    private static RandomStream Stream(int seed) => RandomStream.Of((ulong)seed, RandomPurpose.Bootstrap);

    // 300 data sets at a true coverage of 95 %: 285, standard deviation 3.8; the percentile bootstrap of 40 coin tosses covers a little less.
    [Fact]
    public void Ninety_five_of_a_hundred_intervals_hold_the_true_mean()
    {
        int held = 0;
        for (int set = 0; set < DataSets; set++)
        {
            Estimate estimate = Bootstrap.Mean(Tosses(set, 0, 0.3), Stream(1));
            held += estimate.Low <= 0.3 && estimate.High >= 0.3 ? 1 : 0;
        }

        Assert.InRange(held, 267, 297);
    }

    // Under no difference p is below 0.05 in 5 % of the data sets: 15 of 300, standard deviation 3.8.
    [Fact]
    public void P_values_are_honest_where_there_is_no_difference()
    {
        int small = Enumerable.Range(0, DataSets)
            .Count(set => Bootstrap.Difference(Tosses(set, 1, 0.5), Tosses(set, 2, 0.5), Stream(1)).PValue < 0.05);
        Assert.InRange(small, 3, 30);
    }

    [Fact]
    public void The_same_stream_gives_the_same_interval_and_another_one_nearly_the_same()
    {
        double[] values = Tosses(0, 0, 0.4);
        Assert.Equal(Bootstrap.Mean(values, Stream(1)), Bootstrap.Mean(values, Stream(1)));
        Estimate other = Bootstrap.Mean(values, Stream(2));
        Assert.Equal(other.Low, Bootstrap.Mean(values, Stream(1)).Low, tolerance: 0.03);
    }

    // The normal interval of a mean is value +- 1.96 sd / sqrt(n); for 400 values in equal steps the bootstrap is near it.
    [Fact]
    public void Interval_is_near_the_normal_one_for_many_values()
    {
        double[] values = [.. Enumerable.Range(0, 400).Select(i => i / 399.0)];
        double half = 1.96 * Math.Sqrt(values.Average(value => (value - 0.5) * (value - 0.5)) / 400);
        Estimate estimate = Bootstrap.Mean(values, Stream(3));
        Assert.Equal(0.5, estimate.Value, precision: 12);
        Assert.Equal(0.5 - half, estimate.Low, tolerance: 0.003);
        Assert.Equal(0.5 + half, estimate.High, tolerance: 0.003);
    }

    [Fact]
    public void Differences_are_paired_so_what_both_have_in_common_cancels()
    {
        double[] first = Tosses(0, 0, 0.5);
        double[] second = [.. first.Select(value => value + 0.1)];
        PairedDifference difference = Bootstrap.Difference(first, second, Stream(1));
        Assert.Equal(0.1, difference.Value, precision: 12);
        Assert.Equal(0.1, difference.Low, precision: 12);
        Assert.Equal(0.1, difference.High, precision: 12);
        Assert.Equal(2.0 / (Bootstrap.Resamples + 1), difference.PValue, precision: 12); // the smallest there is
        Assert.Equal(1, Bootstrap.Difference(first, first, Stream(1)).PValue);
    }

    [Fact]
    public void Lists_that_are_empty_or_do_not_pair_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Bootstrap.Mean([], Stream(1)));
        Assert.Throws<ArgumentException>(() => Bootstrap.Difference([1], [1, 2], Stream(1)));
    }

    private static double[] Tosses(int set, int which, double probability)
    {
        var random = RandomStream.Of(99, RandomPurpose.Problems).At(which, "", set);
        return [.. Enumerable.Range(0, Problems).Select(i => random.Uniform((uint)i) < probability ? 1.0 : 0.0)];
    }
}
