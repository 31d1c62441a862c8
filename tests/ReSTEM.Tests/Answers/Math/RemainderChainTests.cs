using ReSTEM.Answers;
using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class RemainderChainTests
{
    // Each remainder doubles the tree of what stands before it: without a bound on their number this would take longer than the universe is old.
    [Theory]
    [InlineData("mod 7 ")]
    [InlineData("\\bmod 7 ")]
    public void Remainders_of_remainders_are_bounded(string piece) => Assert.NotEqual(
        Verdict.Correct, new MathVerifier().Compare("5 " + string.Concat(Enumerable.Repeat(piece, 1_000)), "5").Verdict);

    [Fact]
    public void A_few_remainders_are_worked_out() =>
        Assert.Equal(Verdict.Correct, new MathVerifier().Compare("17 \\bmod 7 \\bmod 2", "1").Verdict);
}
