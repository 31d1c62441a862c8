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

    [Fact]
    public void The_table_has_a_line_for_each_kind_of_rule() => Assert.True(Lines().Count > 250);
}
