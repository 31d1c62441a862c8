using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

public sealed class SummaryTests
{
    [Fact]
    public async Task Json_keeps_the_contract_of_the_command_line()
    {
        using var run = new FakeRun();
        await run.StartAsync();
        using JsonDocument json = JsonDocument.Parse(SummaryJson.Write(Read(run)));
        JsonElement root = json.RootElement;

        Assert.Equal("fake", root.GetProperty("run").GetString());
        Assert.Equal("complete", root.GetProperty("status").GetString());
        Assert.InRange(root.GetProperty("best_iteration").GetInt32(), 0, 2);
        Assert.Equal([0, 1, 2], root.GetProperty("iterations").EnumerateArray().Select(entry => entry.GetProperty("iteration").GetInt32()));
        foreach (JsonElement entry in root.GetProperty("iterations").EnumerateArray())
        {
            JsonElement test = entry.GetProperty("evaluations").GetProperty("test");
            Assert.Equal(20, test.GetProperty("problems").GetInt32());
            Assert.Equal(4, test.GetProperty("samples").GetInt32());
            Assert.All(
                new[] { "greedy", "pass@1", "pass@4", "maj@4" },
                metric => Assert.InRange(
                    test.GetProperty(metric).GetProperty("value").GetDouble(),
                    test.GetProperty(metric).GetProperty("low").GetDouble(),
                    test.GetProperty(metric).GetProperty("high").GetDouble()));
            Assert.Equal(JsonValueKind.Object, entry.GetProperty("validation").ValueKind);
            Assert.True(entry.GetProperty("seconds").GetProperty("evaluate test").GetDouble() >= 0);
            Assert.True(entry.GetProperty("tokens").GetProperty("evaluate test").GetInt64() > 0);
        }

        JsonElement first = root.GetProperty("iterations")[1];
        Assert.Equal(run.Read(ledger => ledger.Kept.Read(1).Count()), first.GetProperty("kept").GetInt32());
        Assert.True(first.GetProperty("problems_solved").GetInt32() > 0);
        Assert.True(first.GetProperty("diagnostics").TryGetProperty("predicted_gain", out _));
        Assert.True(first.GetProperty("train").TryGetProperty("value", out _));
        Assert.Equal(64, root.GetProperty("digest").GetString()!.Length);
    }

    [Fact]
    public async Task Differences_are_paired_between_the_base_model_and_the_best_iteration()
    {
        using var run = new FakeRun();
        await run.StartAsync();
        RunSummary summary = Read(run);

        Assert.Equal(["pass@1", "pass@4", "maj@4", "greedy"], summary.Differences.Single().Metrics.Select(metric => metric.Key));
        double before = summary.Find(0, "test")!.Find("pass@1")!.Value.Value;
        double after = summary.Find(summary.BestIteration, "test")!.Find("pass@1")!.Value.Value;
        Assert.Equal(after - before, summary.Differences[0].Find("pass@1")!.Value.Value, precision: 12);
    }

    [Fact]
    public async Task Beside_a_set_of_one_task_stands_the_training_reward_of_that_task()
    {
        using var run = new FakeRun();
        var train = run.Problems.Train.Select((problem, index) => problem with { Task = index % 3 == 0 ? TaskKind.Choice : TaskKind.Math }).ToList();
        run.Problems = run.Problems with { Train = train };
        await run.StartAsync();
        var drawn = run.Samples(DrawId.EStep(1));
        double Mean(Func<Problem, bool> chosen) => train.Where(chosen)
            .Average(problem => drawn.Where(sample => sample.Completion.ProblemId == problem.Id).Average(sample => sample.IsCorrect ? 1.0 : 0.0));

        Assert.NotEqual(Mean(_ => true), Mean(problem => problem.Task is TaskKind.Math));
        Assert.Equal(Mean(problem => problem.Task is TaskKind.Math), Read(run).Iterations[0].Train!.Value.Value, precision: 12);
        var measures = run.Read(ledger => ledger.Measures.Read(0));
        Assert.Equal(Mean(_ => true), measures[Measure.TrainReward].Value, precision: 12);
        Assert.Equal(Mean(problem => problem.Task is TaskKind.Choice), measures[Measure.TrainRewardOf(TaskKind.Choice)].Value, precision: 12);
    }

    [Fact]
    public async Task An_interrupted_run_has_a_summary_of_what_is_there()
    {
        using var run = new FakeRun { OnBoundary = text => Stop(text, "start 1 m-step") };
        await Assert.ThrowsAsync<OperationCanceledException>(run.StartAsync);
        RunSummary summary = Read(run);

        Assert.Equal(RunSummary.Incomplete, summary.Status);
        Assert.Equal(0, summary.BestIteration);
        Assert.Equal([0, 1], summary.Iterations.Select(entry => entry.Iteration));
        Assert.Empty(summary.Iterations[1].Evaluations);
        Assert.NotNull(summary.Iterations[1].Kept);
        Assert.Empty(summary.Differences);
        using JsonDocument json = JsonDocument.Parse(SummaryJson.Write(summary));
    }

    [Fact]
    public void An_untouched_ledger_has_a_summary_too()
    {
        using var run = new FakeRun();
        RunSummary summary = Read(run);
        var text = new StringWriter();
        SummaryTable.Write(SummaryTable.Piped(text), summary);

        Assert.Equal(RunSummary.Incomplete, summary.Status);
        Assert.Contains("nothing can be said", summary.Reading.Single(), StringComparison.Ordinal);
        Assert.Contains("base model", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_models_of_an_evaluation_are_compared_without_iterations()
    {
        using var run = new FakeRun();
        await run.StartAsync();
        RunView view = run.View with { Iterations = 1, Models = ["small", "other"], Train = [], Options = null };
        RunSummary summary = run.Read(ledger => SummaryReader.Read(ledger, view));
        var text = new StringWriter();
        SummaryTable.Write(SummaryTable.Piped(text), summary);

        Assert.Equal(RunSummary.Complete, summary.Status);
        Assert.Equal("test", summary.Differences.Single().Set);
        Assert.Contains("from small to other", summary.Reading[0], StringComparison.Ordinal);
        Assert.Contains("| other ", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("kept", text.ToString(), StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(SummaryJson.Write(summary));
        Assert.Equal("small", json.RootElement.GetProperty("iterations")[0].GetProperty("model").GetString());
    }

    [Fact]
    public async Task Piped_table_has_no_escape_codes_and_marks_the_best_iteration()
    {
        using var run = new FakeRun();
        await run.StartAsync();
        RunSummary summary = Read(run);
        var output = new StringWriter();
        SummaryTable.Write(SummaryTable.Piped(output), summary);
        string text = output.ToString();

        Assert.DoesNotContain('\u001b', text);
        Assert.All(text, character => Assert.InRange(character, '\n', '~'));
        Assert.Contains($"| iteration {summary.BestIteration} (best) |", text, StringComparison.Ordinal);
        Assert.Contains(summary.Digest, text, StringComparison.Ordinal);
    }

    private static RunSummary Read(FakeRun run) => run.Read((RunLedger ledger) => SummaryReader.Read(ledger, run.View));

    private static void Stop(string boundary, string at)
    {
        if (boundary.StartsWith(at, StringComparison.Ordinal))
        {
            throw new OperationCanceledException(boundary);
        }
    }
}
