using System.Numerics;
using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class PassAtKTests
{
    [Fact]
    public void Estimate_is_the_share_of_subsets_with_a_correct_sample()
    {
        for (int drawn = 1; drawn <= 10; drawn++)
        {
            for (int correct = 0; correct <= drawn; correct++)
            {
                for (int k = 1; k <= drawn; k++)
                {
                    // The first `correct` bits stand for the correct samples.
                    var subsets = Enumerable.Range(0, 1 << drawn).Where(set => BitOperations.PopCount((uint)set) == k).ToList();
                    double expected = (double)subsets.Count(set => (set & ((1 << correct) - 1)) != 0) / subsets.Count;
                    Assert.Equal(expected, PassAtK.Estimate(drawn, correct, k), precision: 12);
                }
            }
        }
    }

    [Theory]
    [InlineData(10, 3, 1, 0.3)]
    [InlineData(5, 2, 2, 0.7)] // 1 - C(3,2)/C(5,2) = 1 - 3/10
    [InlineData(5, 4, 2, 1.0)] // fewer than k wrong samples
    [InlineData(1000, 1, 1000, 1.0)]
    public void Estimate_matches_the_closed_form(int drawn, int correct, int k, double expected) =>
        Assert.Equal(expected, PassAtK.Estimate(drawn, correct, k), precision: 12);

    [Theory]
    [InlineData(4, 1, 5)]
    [InlineData(4, 1, 0)]
    [InlineData(4, 5, 1)]
    [InlineData(4, -1, 1)]
    public void Counts_that_cannot_be_are_refused(int drawn, int correct, int k) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PassAtK.Estimate(drawn, correct, k));
}
