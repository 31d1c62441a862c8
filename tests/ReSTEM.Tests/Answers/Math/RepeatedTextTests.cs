using System.Numerics;
using ReSTEM.Answers;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>Short texts repeated many times: their work grows faster than their length and has to be bounded.</summary>
public sealed class RepeatedTextTests
{
    // Each remainder doubles the tree of what stands before it: without a bound on their number this would take longer than the universe is old.
    [Theory]
    [InlineData("mod 7 ")]
    [InlineData("\\bmod 7 ")]
    public void Remainders_of_remainders_are_bounded(string piece) => Assert.NotEqual(Verdict.Correct, Judged("5 " + Repeated(piece, 1_000), "5").Verdict);

    [Fact]
    public void A_few_remainders_are_worked_out() => Assert.Equal(Verdict.Correct, Judged("17 \\bmod 7 \\bmod 2", "1").Verdict);

    // arcosh x is ln(x + sqrt(x^2 - 1)), which holds x twice: the writing of 54 of them would have more than 2^54 characters.
    [Fact]
    public void Writing_nested_functions_is_paid_for() => Assert.Equal("step-limit", Judged(Repeated("2 \\operatorname{arcosh} ", 54) + "x", "y").Reason);

    // Such chains nest without brackets: 5,000 of them would need more stack than a thread may have.
    [Theory]
    [InlineData("a/b ")]
    [InlineData("\\cup (1,2)")]
    [InlineData("a/b*")]
    public void Trees_of_chains_have_a_greatest_height(string piece) => Assert.Equal("depth-limit", Judged("(1,2)" + Repeated(piece, 20_000 / piece.Length - 2), "5").Reason);

    [Theory]
    [InlineData("a/b ")]
    [InlineData("\\cup (1,2)")]
    public void Chains_of_a_hundred_are_read(string piece)
    {
        string text = "(1,2)" + Repeated(piece, 100);
        Assert.Equal(Verdict.Correct, Judged(text, text).Verdict);
    }

    // The whole part r of a root of n is the one number with r^2 <= n < (r + 1)^2.
    [Fact]
    public void Whole_roots_are_exact_at_any_length()
    {
        for (int bits = 1; bits < 4_000; bits += 37)
        {
            foreach (var number in (BigInteger[])[BigInteger.One << bits, (BigInteger.One << bits) - 1, BigInteger.Pow(3, bits), BigInteger.Pow(BigInteger.Pow(7, bits), 2)])
            {
                var root = Ball.IntegerRoot(number);
                Assert.True(root * root <= number && number < (root + 1) * (root + 1), $"{bits} bits: {number}");
            }
        }
    }

    private static Finding Judged(string answer, string reference) => new MathVerifier().Compare(answer, reference);

    private static string Repeated(string piece, int times) => string.Concat(Enumerable.Repeat(piece, times));
}
