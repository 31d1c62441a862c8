using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class KeepingTests
{
    private static readonly Problem[] Problems = [.. FakeProblem.Make("p", 2, 0)];
    private static readonly RandomStream Random = RandomStream.Of(1, RandomPurpose.Keep);

    [Fact]
    public void Only_finished_correct_completions_are_kept_each_once_with_its_count()
    {
        Sample[] samples =
        [
            Draw("p-000", 3, "b"), Draw("p-000", 0, "a"), Draw("p-000", 2, "a"), Draw("p-000", 1, "wrong", Verdict.Incorrect),
            Draw("p-000", 4, "c", Verdict.Correct, FinishReason.MaxTokens), Draw("p-001", 0, "none", Verdict.VerifierFailed),
        ];
        var kept = Choose(samples, new EStepOptions(), KeptWeights.Count, 1);
        Assert.Equal([("a", 0, 2), ("b", 3, 1)], kept.Select(sample => (sample.Sample.Completion.Text, sample.Index, sample.Count)));
        Assert.Equal([2.0 / 3, 1.0 / 3], kept.Select(sample => sample.Weight));
    }

    [Fact]
    public void The_control_keeps_wrong_ones_too()
    {
        Sample[] samples = [Draw("p-000", 0, "a"), Draw("p-000", 1, "wrong", Verdict.Incorrect), Draw("p-000", 2, "cut", Verdict.Incorrect, FinishReason.MaxTokens)];
        var kept = Choose(samples, new EStepOptions { Keep = KeepRule.Any }, KeptWeights.Equal, 1);
        Assert.Equal([("a", 1.0), ("wrong", 1.0)], kept.Select(sample => (sample.Sample.Completion.Text, sample.Weight)));
    }

    [Fact]
    public void The_keep_limit_chooses_at_random_the_same_each_time_in_any_order_of_the_samples()
    {
        Sample[] samples = [.. Enumerable.Range(0, 40).Select(i => Draw("p-000", i, $"text {i}")), .. Enumerable.Range(0, 3).Select(i => Draw("p-001", i, $"text {i}"))];
        var options = new EStepOptions { KeepLimit = 10 };
        var kept = Choose(samples, options, KeptWeights.Count, 1);
        var again = Choose([.. samples.Reverse()], options, KeptWeights.Count, 1);
        var later = Choose(samples, options, KeptWeights.Count, 2);

        Assert.Equal(10 + 3, kept.Count);
        Assert.Equal(kept, again);
        Assert.NotEqual(kept, later);
        Assert.Equal(kept.OrderBy(sample => sample.ProblemId, StringComparer.Ordinal).ThenBy(sample => sample.Index), kept);
        Assert.All(kept.GroupBy(sample => sample.ProblemId), problem => Assert.Equal(1, problem.Sum(sample => sample.Weight), precision: 12));
    }

    // Each of 20 texts is among the 5 kept with probability 1/4: over 400 iterations 100 times, standard deviation 8.7.
    [Fact]
    public void Every_completion_is_kept_equally_often()
    {
        Sample[] samples = [.. Enumerable.Range(0, 20).Select(i => Draw("p-000", i, $"text {i}"))];
        int[] counts = new int[20];
        for (int iteration = 1; iteration <= 400; iteration++)
        {
            foreach (KeptSample kept in Choose(samples, new EStepOptions { KeepLimit = 5 }, KeptWeights.Equal, iteration))
            {
                counts[kept.Index]++;
            }
        }

        Assert.All(counts, count => Assert.InRange(count, 65, 135));
    }

    [Fact]
    public void Merging_iterations_adds_counts_of_equal_texts()
    {
        KeptSample one = new("p", 0, 3, 1, Draw("p", 0, "a"));
        KeptSample same = new("p", 5, 1, 0.5, Draw("p", 5, "a"));
        KeptSample other = new("p", 6, 4, 0.5, Draw("p", 6, "b"));
        Assert.Equal([("a", 4, 0.5), ("b", 4, 0.5)], Merge(KeptWeights.Count));
        Assert.Equal([("a", 4, 1.0), ("b", 4, 1.0)], Merge(KeptWeights.Equal));

        IEnumerable<(string, int, double)> Merge(KeptWeights weights) =>
            new RewardWeightedObjective(KeepRule.Correct, 10, weights, accumulate: true).Examples(Problems[0], [one, same, other])
                .Select(example => (example.Text, example.Count, example.Weight));
    }

    // Drawn 3 times with a share of 1/4 is as much as drawn once with 3/4; what nobody says is not kept, however often it was drawn.
    [Fact]
    public void Agreement_weighs_what_was_drawn_by_the_share_of_annotators()
    {
        Problem problem = Classified.Problem("p-000", "t", new Dictionary<string, string> { ["a"] = " yes", ["b"] = " no", ["c"] = " never" }, 0.25, 0.75, 0);
        Sample[] samples =
        [
            .. Enumerable.Range(0, 3).Select(i => Draw("p-000", i, " Yes", Verdict.Incorrect)), Draw("p-000", 3, " no"),
            Draw("p-000", 4, " never", Verdict.Incorrect), Draw("p-000", 5, " what?", Verdict.Unparsable),
        ];
        var objective = new RewardWeightedObjective(KeepRule.Any, 2, KeptWeights.Agreement, accumulate: false);
        var kept = objective.Keep(problem, samples, Random);
        Assert.Equal([(" Yes", 3, 0.5), (" no", 1, 0.5)], kept.Select(one => (one.Sample.Completion.Text, one.Count, one.Weight)));
        Assert.Equal([0.5, 0.5], objective.Examples(problem, kept).Select(example => example.Weight));
        Assert.Equal(
            "problem 'p-001' has no labels, expected some for every problem with m_step.weights: agreement.",
            Assert.Throws<InvalidDataException>(() => objective.Keep(Problems[1], samples, Random)).Message);
    }

    private static List<KeptSample> Choose(IReadOnlyList<Sample> samples, EStepOptions options, KeptWeights weights, int iteration)
    {
        var objective = new RewardWeightedObjective(options.Keep, options.KeepLimit, weights, accumulate: false);
        return [.. Problems.SelectMany(problem => objective.Keep(
            problem,
            samples.Where(sample => sample.Completion.ProblemId == problem.Id && sample.Finding.Verdict is not Verdict.VerifierFailed).ToList(),
            Random.At(iteration, problem.Id, 0)))];
    }

    private static Sample Draw(
        string problem, int index, string text, Verdict verdict = Verdict.Correct, FinishReason finish = FinishReason.EndOfText) => new(
        new Completion { ProblemId = problem, Index = index, TokenIds = [1], Text = text, FinishReason = finish, LogProbability = -1 },
        new Finding { Verdict = verdict, Reason = "r" });
}
