using ReSTEM.Answers;
using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class TruthTableTests
{
    private static readonly MathVerifier Verifier = new();

    private static readonly (string Sign, Verdict Verdict)[] Signs =
    [
        ("  ==  ", Verdict.Correct), ("  !=  ", Verdict.Incorrect), ("  ??  ", Verdict.Unparsable), ("  >>  ", Verdict.LimitExceeded),
    ];

    public static TheoryData<string> Lines()
    {
        var data = new TheoryData<string>();
        bool inside = false;
        foreach (string line in File.ReadLines(Path.Combine(SharedData.RepositoryRoot, "docs", "math-answers.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inside = line == "```answers";
            }
            else if (inside)
            {
                data.Add(line);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Every_line_of_the_published_table_holds_in_both_orders(string line)
    {
        var (sign, verdict) = Signs.Single(candidate => line.Contains(candidate.Sign, StringComparison.Ordinal));
        string[] sides = line.Split(sign);
        Assert.Equal(verdict, Verifier.Compare(sides[0], sides[1]).Verdict);
        Assert.Equal(verdict, Verifier.Compare(sides[1], sides[0]).Verdict);
    }

    /// <summary>No whole number can be a decimal's rounded value: the evidence says so, and not that one was rounded wrongly.</summary>
    [Theory]
    [InlineData("3", "2.9996", "differ-rational")]
    [InlineData("3.0004", "3", "differ-rational")]
    [InlineData("\\frac{1}{3}", "0.334", "differ-decimal-rounding")]
    public void Evidence_names_the_rule_that_decided(string one, string other, string reason) =>
        Assert.Equal(reason, Verifier.Compare(one, other).Reason);

    [Fact]
    public void The_table_has_a_line_for_each_kind_of_rule() => Assert.True(Lines().Count > 250);
}
