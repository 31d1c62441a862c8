using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>What an evaluation measures of completions that say labels, or none.</summary>
public sealed class SaidLabelTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["a"] = " yes", ["b"] = " no" };

    // sklearn.metrics.f1_score([0, 0, 1, 1], [0, 2, 1, 0], labels=[0, 1], average="macro"): F1 of a is 2 * 1 / (2 + 2), of b 2 * 1 / (2 + 1).
    [Fact]
    public void A_completion_that_says_no_label_is_wrong_and_of_no_label()
    {
        double[] values = SaidLabels.Of(Hard(0, 0, 1, 1))!.MacroF1(Samples(" yes", "<think> yes", "No\n", "yes"));
        Assert.Equal(((2.0 / 4) + (2.0 / 3)) / 2, values.Average(), 12);
    }

    // The derivative to the weight of one problem, with integer counts: each problem is there a million times, and one of them once more.
    [Fact]
    public void Linearised_values_are_the_figure_and_its_derivative()
    {
        const int Often = 1_000_000;
        (int Hard, int? Predicted)[] pairs = [(0, 0), (0, null), (1, 1), (1, 0), (2, null), (2, 2), (0, 0), (1, 1), (2, 1)];
        double[] values = LinearisedFigures.MacroF1(pairs, 4);
        double macro = F1(pairs, [.. pairs.Select(_ => 1)]);
        Assert.Equal(macro, values.Average(), 12);
        for (int problem = 0; problem < pairs.Length; problem++)
        {
            double derivative = (F1(pairs, [.. pairs.Select((_, i) => i == problem ? Often + 1 : Often)]) - macro) * Often;
            Assert.Equal(macro + (pairs.Length * derivative), values[problem], tolerance: 1e-4);
        }

        // By the definition, for each label alone.
        static double F1((int Hard, int? Predicted)[] pairs, int[] times) => Enumerable.Range(0, 3).Average(label =>
        {
            double Count(Func<(int Hard, int? Predicted), bool> counts) => pairs.Select((pair, i) => counts(pair) ? (double)times[i] : 0).Sum();
            double precision = Count(pair => pair.Hard == label && pair.Predicted == label) / Count(pair => pair.Predicted == label);
            double recall = Count(pair => pair.Hard == label && pair.Predicted == label) / Count(pair => pair.Hard == label);
            return 2 * precision * recall / (precision + recall);
        });
    }

    [Fact]
    public void Agreement_is_the_expected_share_of_annotators()
    {
        Problem problem = Classified.Problem("p", "t", Labels, 0.75, 0.25);
        Assert.Equal((0.75 + 0.25 + 0.25 + 0) / 4, SaidLabels.Agreement(problem, Samples("yes", "no", " NO", "maybe")), 12);
    }

    [Fact]
    public void Only_problems_with_the_same_labels_have_them()
    {
        Problem other = Classified.Problem("q", "t", new Dictionary<string, string> { ["b"] = " no", ["a"] = " yes" }, 1, 0);
        Assert.Null(SaidLabels.Of([]));
        Assert.Null(SaidLabels.Of(FakeProblem.Make("train", 2, 0)));
        Assert.Null(SaidLabels.Of([.. Hard(0), other]));
        Assert.False(SaidLabels.Of(Hard(0, 1))!.AreSoft);
        Assert.True(SaidLabels.Of([.. Hard(0, 1), Classified.Problem("s", "t", Labels, 0.5, 0.5)])!.AreSoft);
    }

    private static Problem[] Hard(params int[] labels) =>
        [.. labels.Select((label, i) => Classified.Problem($"p{i}", "t", Labels, ProbabilityScores.OneHot(label, 2)))];

    private static Sample[] Samples(params string[] texts) => [.. texts.Select((text, i) => new Sample(
        new Completion { ProblemId = "p", Index = i, Text = text, TokenIds = [], FinishReason = FinishReason.EndOfText, LogProbability = 0 },
        new Finding { Verdict = Verdict.Incorrect, Reason = "any" }))];
}
