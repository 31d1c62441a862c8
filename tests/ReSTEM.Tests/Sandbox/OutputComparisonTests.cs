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
    [InlineData("1.0", "1", true)] // the same number
    [InlineData("0.5", "0.50", true)]
    [InlineData("1e3", "1000", true)]
    [InlineData("-0.0", "0", true)]
    [InlineData("0011", "11", false)] // digits, not a number
    [InlineData("011.0", "11", false)]
    [InlineData("+11", "11", false)]
    [InlineData("1.1", "1.10000001", false)]
    [InlineData("0.6667", "0.6666", false)]
    [InlineData("0.3333333333333333", "0.33333333333", true)] // many digits of one number
    [InlineData("0.333333334", "0.333333330", false)]
    [InlineData("1e9999", "1e9999", true)]
    [InlineData("1e9999", "1e9998", false)]
    [InlineData("True", "1", false)]
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

    [Theory]
    [InlineData(ToleranceKind.Absolute, "1000000.5", false)]
    [InlineData(ToleranceKind.Relative, "1000000.5", true)]
    [InlineData(ToleranceKind.AbsoluteOrRelative, "1000000.5", true)]
    [InlineData(ToleranceKind.Absolute, "1000000.0000005", true)]
    public void A_tolerance_is_of_the_kind_that_is_stated(ToleranceKind kind, string output, bool matches) =>
        Assert.Equal(matches, OutputComparison.Matches(output, "1000000", new OutputRule { Tolerance = 1e-6, ToleranceIs = kind }));

    [Fact]
    public void A_relative_tolerance_is_nothing_at_zero() =>
        Assert.False(OutputComparison.Matches("0.0000001", "0", new OutputRule { Tolerance = 1e-6, ToleranceIs = ToleranceKind.Relative }));

    [Theory]
    [InlineData("3 1 2", "1 2 3", true)]
    [InlineData("3 1 1", "1 2 3", false)]
    [InlineData("3\n2 3 1", "3\n1 2 3", true)]
    [InlineData("3 2 3 1", "3 1 2 3", true)] // the count comes first
    [InlineData("2 3 1", "2 1 3", true)]
    [InlineData("3 2 1", "2 1 3", false)] // the count does not move
    [InlineData("3 4\n1 2", "1 2\n3 4", false)] // of several lines it is not plain what may move
    [InlineData("1 2\n3", "1 2 3", false)]
    public void Any_order_frees_the_words_of_one_line(string output, string accepted, bool matches) =>
        Assert.Equal(matches, OutputComparison.Matches(output, accepted, new OutputRule { AnyOrder = true }));
}
