using ReSTEM.Core;
using ReSTEM.Sandbox;

namespace ReSTEM.Tests;

public sealed class OutputComparisonTests
{
    [Theory]
    [InlineData("1 2\n3\n", "1 2\n3", true)]
    [InlineData("1  2 \r\n\r\n3", "1 2\n3\n\n", true)]
    [InlineData("1 2 3", "1 2\n3", false)]
    [InlineData("2 1\n3", "1 2\n3", false)]
    [InlineData("1 2\n3\n4", "1 2\n3", false)]
    [InlineData("", "0", false)]
    [InlineData("", "", true)]
    [InlineData("1.0", "1", false)]
    [InlineData("yes", "YES", false)]
    public void Lines_and_words_count_and_blanks_do_not(string output, string accepted, bool matches) =>
        Assert.Equal(matches, OutputComparison.Matches(output, accepted, new OutputRule()));

    [Theory]
    [InlineData("0.3333333", "0.333333333", true)] // differs by 3.3e-8
    [InlineData("0.33", "0.333333333", false)]
    [InlineData("1000000.5", "1000000", true)] // relative difference 5e-7
    [InlineData("1000002", "1000000", false)] // 2e-6
    [InlineData("nan", "1", false)]
    [InlineData("inf", "1", false)]
    [InlineData("x", "1", false)]
    public void A_tolerance_is_absolute_or_relative(string output, string accepted, bool matches) =>
        Assert.Equal(matches, OutputComparison.Matches(output, accepted, new OutputRule { Tolerance = 1e-6 }));

    [Fact]
    public void Case_is_ignored_only_where_the_rule_says_so() =>
        Assert.True(OutputComparison.Matches("Yes", "YES", new OutputRule { IgnoreCase = true }));
}
