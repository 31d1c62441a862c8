using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class ConfidenceSplitTests
{
    // Perplexities e^0 = 1, e^ln 2 = 2, e^ln 4 = 4: means over two checkpoints 1.5, 3, 2.5, 4, so the median of four is 2.75.
    [Fact]
    public void Halves_meet_at_the_median_of_the_mean_perplexities()
    {
        double ln2 = Math.Log(2), ln4 = Math.Log(4);
        ConfidenceSplit split = ConfidenceSplit.Of([[0, ln2, 0, ln4], [ln2, ln4, ln4, ln4]]);
        double[] expected = [1.5, 3, 2.5, 4];
        foreach (var (one, other) in expected.Zip(split.Perplexities))
        {
            Assert.Equal(one, other, 1e-12);
        }

        Assert.Equal([0, 2], split.Confident);
        Assert.Equal([1, 3], split.Unconfident);
        Assert.Equal(2.75, split.Median, 1e-12);
        Assert.Equal(2, split.Checkpoints);
    }

    /// <summary>The mean of perplexities is not the perplexity of the mean loss: 2 and 2 come before 1 and 3.5 by the one, behind by the other.</summary>
    [Fact]
    public void It_is_the_mean_of_perplexities_and_not_of_losses()
    {
        ConfidenceSplit split = ConfidenceSplit.Of([[Math.Log(2), 0], [Math.Log(2), Math.Log(3.5)]]);
        Assert.Equal([0], split.Confident);
        Assert.True(Math.Log(2) > Math.Log(3.5) / 2);
    }

    [Fact]
    public void Of_an_odd_count_the_middle_one_is_unconfident_and_equal_ones_go_by_their_order()
    {
        ConfidenceSplit odd = ConfidenceSplit.Of([[3, 1, 2]]);
        Assert.Equal([1], odd.Confident);
        Assert.Equal([0, 2], odd.Unconfident);
        Assert.Equal(Math.Exp(2), odd.Median, 1e-12);
        ConfidenceSplit equal = ConfidenceSplit.Of([[1, 1, 1, 1]]);
        Assert.Equal([0, 1], equal.Confident);
        Assert.Equal([2, 3], equal.Unconfident);
    }

    [Fact]
    public void Sequences_without_a_counted_token_are_in_neither_half()
    {
        Assert.True(double.IsNaN(ConfidenceSplit.LossOf([0], 0)));
        Assert.True(double.IsNaN(ConfidenceSplit.LossOf([0, -1], 2)));
        ConfidenceSplit split = ConfidenceSplit.Of([[double.NaN, 2, 1]]);
        Assert.Equal([2], split.Confident);
        Assert.Equal([1], split.Unconfident);
        Assert.True(double.IsNaN(split.Perplexities[0]));
    }

    [Theory]
    [InlineData(0, 2)] // the first token has no prediction: 1 and 3 count
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    public void A_loss_is_the_mean_over_the_tokens_that_count(int promptLength, double expected) =>
        Assert.Equal(expected, ConfidenceSplit.LossOf([-100, -1, -3], promptLength));

    [Fact]
    public void Half_of_one_example_is_refused()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => ConfidenceSplit.Of([[1, double.NaN]]));
        Assert.StartsWith("1 example to train on, expected at least 2: sftmix mixes a confident example with an unconfident one, and a half of them would be empty.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_perplexity_that_is_not_finite_is_told_with_its_sequence()
    {
        Assert.Equal(double.PositiveInfinity, ConfidenceSplit.LossOf([0, float.NaN], 0));
        var fault = Assert.Throws<InvalidDataException>(() => ConfidenceSplit.Of([[1, 1], [1, double.PositiveInfinity]]));
        Assert.StartsWith("the perplexity of training sequence 2 under checkpoint 2 is not finite (loss Infinity), expected a number", fault.Message, StringComparison.Ordinal);
        Assert.Contains("knows 1 sequences, expected 2", Assert.Throws<InvalidDataException>(() => ConfidenceSplit.Of([[1, 1], [1]])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_digest_is_of_the_halves()
    {
        Assert.Equal(ConfidenceSplit.Of([[1, 2]]).Digest, ConfidenceSplit.Of([[1.5, 2.5]]).Digest);
        Assert.NotEqual(ConfidenceSplit.Of([[1, 2]]).Digest, ConfidenceSplit.Of([[2, 1]]).Digest);
    }
}
