using ReSTEM.Core;
using ReSTEM.Reporting;

namespace ReSTEM.Tests;

/// <summary>Policies of runs beside each other, and problems by how hard they were.</summary>
public sealed class ComparingTests
{
    [Fact]
    public async Task Two_iterations_compare_as_the_summary_compares_them()
    {
        using var run = new FakeRun();
        await run.StartAsync();
        RunSummary summary = run.Read(ledger => SummaryReader.Read(ledger, run.View));
        RunComparison comparison = Compared(run, 0, summary.BestIteration);
        Assert.Equal(["pass@1", "pass@4", "maj@4", "greedy"], comparison.Metrics.Select(metric => metric.Metric));
        Assert.All(comparison.Metrics, metric => Assert.Equal(summary.Differences[0].Find(metric.Metric), metric.Values[1]!.Difference));
        Assert.All(comparison.Metrics, metric => Assert.Equal(summary.Find(0, "test")!.Find(metric.Metric)!.Value.Value, metric.Values[0]!.Value, precision: 12));
        Assert.Equal("One seed: the intervals are over problems alone, and another seed may give another result.", Assert.Single(comparison.Notes));
        Assert.Contains("test: 20 problems, seed 7; %, difference from 0 in points", ComparisonTable.Write(comparison), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policies_that_were_given_different_prompts_are_named()
    {
        using var run = new FakeRun();
        run.Options = run.Options with
        {
            Drawing = run.Options.Drawing with { Prompt = new PromptOptions { FewShot = [FakeProblem.Make("shown", 1, 2000)[0] with { Solution = "shown" }] } },
        };
        await run.StartAsync();
        Assert.Contains(Compared(run, 0, 1).Notes, note => note.StartsWith("On test, 0 and 1 were given different prompts", StringComparison.Ordinal));
        Assert.DoesNotContain(Compared(run, 1, 2).Notes, note => note.Contains("prompts", StringComparison.Ordinal));
        RunSummary summary = run.Read(ledger => SummaryReader.Read(ledger, run.View));
        Assert.Contains(summary.Reading, sentence => sentence.Contains("policies and prompts together", StringComparison.Ordinal));
    }

    /// <summary>Two runs never share their lists of stop texts: each read its own configuration.</summary>
    [Fact]
    public async Task Policies_that_were_sampled_differently_are_named_and_no_others()
    {
        using var run = FakeRun.Small();
        await run.StartAsync();
        Assert.Single(Notes(0.7, "end"));
        Assert.StartsWith("On test, 0 and 1 were sampled with different settings", Notes(0.8, "end")[0], StringComparison.Ordinal);
        Assert.StartsWith("On test, 0 and 1 were sampled with different settings", Notes(0.7, "stop")[0], StringComparison.Ordinal);

        IReadOnlyList<string> Notes(double temperature, string stop) => RunComparison.Of(
            [new ComparedRow("0", [Measured(0, 0.7, "end")]), new ComparedRow("1", [Measured(1, temperature, stop)])], [], 7).Notes;

        MeasuredRun Measured(int iteration, double temperature, string stop)
        {
            RunView view = run.View;
            EvaluationSet[] sets = [.. view.Evaluations.Select(set => set with
            {
                Options = set.Options with { Sampling = set.Options.Sampling with { Temperature = temperature, Stop = [stop] } },
            })];
            return run.Read(ledger => MeasuredRun.Read(ledger, view with { Evaluations = sets }, iteration));
        }
    }

    [Fact]
    public async Task Other_problems_and_iterations_that_are_not_there_are_refused()
    {
        using var run = FakeRun.Small();
        await run.StartAsync();
        Assert.Contains("has no iteration 3, expected 0 (the base model) to 2.", Assert.Throws<InvalidDataException>(() => Compared(run, 0, 3)).Message, StringComparison.Ordinal);
        using var other = new FakeRun();
        await other.StartAsync();
        var rows = new[] { run, other }.Select((one, i) => new ComparedRow($"{i}", [one.Read(ledger => MeasuredRun.Read(ledger, one.View, null))])).ToList();
        Assert.Contains("the set 'test' has other problems in", Assert.Throws<InvalidDataException>(() => RunComparison.Of(rows, [], 1)).Message, StringComparison.Ordinal);
        Assert.Contains("the metric 'pass@9' was not measured, expected one of pass@1, pass@2, maj@2, greedy.", Assert.Throws<InvalidDataException>(() => RunComparison.Of([rows[0]], ["pass@9"], 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bins_of_difficulty_hold_every_problem_once_and_what_the_result_did_on_it()
    {
        using var run = new FakeRun();
        await run.StartAsync();
        RunSummary summary = run.Read(ledger => SummaryReader.Read(ledger, run.View));
        Assert.NotEmpty(summary.Difficulty);
        Assert.Equal(20, summary.Difficulty.Sum(bin => bin.Problems));
        double mean = summary.Difficulty.Sum(bin => bin.Problems * bin.After.Value) / 20;
        Assert.Equal(summary.Find(summary.BestIteration, "test")!.Find("pass@1")!.Value.Value, mean, precision: 12);
        Assert.Contains("by success of base model: pass@1", run.Read(ledger => HtmlReport.Write(ledger, summary, "")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_result_is_called_best_where_validation_chose_it_and_last_where_nothing_did()
    {
        using var run = FakeRun.Small();
        run.Problems = run.Problems with { Validation = [] };
        await run.StartAsync();
        RunSummary summary = run.Read(ledger => SummaryReader.Read(ledger, run.View));
        Assert.Equal(["", "", "last"], summary.Iterations.Select(entry => summary.RankOf(entry.Iteration)));
        using var validated = FakeRun.Small();
        await validated.StartAsync();
        RunSummary best = validated.Read(ledger => SummaryReader.Read(ledger, validated.View));
        Assert.Equal("best", best.RankOf(best.BestIteration));
    }

    private static RunComparison Compared(FakeRun run, params int[] iterations) => RunComparison.Of(
        [.. iterations.Select(iteration => new ComparedRow($"{iteration}", [run.Read(ledger => MeasuredRun.Read(ledger, run.View, iteration))]))], [], 7);
}
