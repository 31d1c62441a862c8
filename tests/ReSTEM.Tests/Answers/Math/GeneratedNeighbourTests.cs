using ReSTEM.Answers;
using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class GeneratedNeighbourTests
{
    private static readonly MathVerifier Verifier = new();

    [Fact]
    public void Perturbations_of_a_fraction_and_a_sum_are_what_the_rules_say()
    {
        Assert.Contains(("decimal", "0.8333333"), Perturbations.Of("\\frac{5}{6}"));
        Assert.Contains(("tfrac", "\\tfrac{5}{6}"), Perturbations.Of("\\frac{5}{6}"));
        Assert.Contains(("sum-order", "- 2\\sqrt{3}+1"), Perturbations.Of("1 - 2\\sqrt{3}"));
        Assert.Contains(("union-order", "(3,4] \\cup (1,2) "), Perturbations.Of("(1,2) \\cup(3,4]"));
    }

    [Fact]
    public void Neighbours_of_a_point_are_what_the_rules_say()
    {
        Assert.Contains(("swapped", "(2, 1)"), WrongNeighbours.Of("(1,2)"));
        Assert.Contains(("left-end", "[1,2)"), WrongNeighbours.Of("(1,2)"));
        Assert.Contains(("digit", "(1,3)"), WrongNeighbours.Of("(1,2)"));
        Assert.Contains(("plus-one", "-6"), WrongNeighbours.Of("-7"));
    }

    [DataFact]
    public void Perturbations_of_every_seventh_test_answer_stay_correct()
    {
        var (bad, count) = Judge(Every(7), Perturbations.Of, Verdict.Correct);
        Assert.True(bad.Count <= 0.005 * count, string.Join('\n', bad));
    }

    [DataFact]
    public void Wrong_neighbours_of_every_seventh_test_answer_are_incorrect()
    {
        var (bad, count) = Judge(Every(7), WrongNeighbours.Of, Verdict.Incorrect);
        Assert.True(bad.Count <= 0.001 * count, string.Join('\n', bad));
    }

    private static IEnumerable<MathRow> Every(int step) => MathRow.Math("test").Where((_, index) => index % step == 0);

    /// <summary>Which generated answers did not get the expected verdict, and how many there were.</summary>
    internal static (List<string> Bad, int Count) Judge(
        IEnumerable<MathRow> rows, Func<string, IEnumerable<(string Rule, string Answer)>> generate, Verdict expected)
    {
        var bad = new List<string>();
        int count = 0;
        foreach (var row in rows)
        {
            foreach (var (rule, answer) in generate(row.Reference))
            {
                count++;
                var finding = Verifier.Compare(answer, row.Reference);
                if (finding.Verdict != expected)
                {
                    bad.Add($"{row.Id} {rule}: {row.Reference} -> {answer}: {finding.Verdict} {finding.Reason}");
                }
            }
        }

        return (bad, count);
    }
}
