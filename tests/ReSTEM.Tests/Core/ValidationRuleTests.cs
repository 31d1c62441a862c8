using ReSTEM.Core;
using ReSTEM.Reporting;

namespace ReSTEM.Tests;

/// <summary>A run whose second M-step does harm: what follows is the rule's to say.</summary>
public sealed class ValidationRuleTests
{
    [Fact]
    public async Task Without_a_rule_nothing_is_decided()
    {
        using FakeRun run = Harmed(new ValidationOptions { Samples = 6 });
        await run.StartAsync();
        Assert.All(Enumerable.Range(0, 4), iteration => Assert.Null(Decision(run, iteration)));
        Assert.True(Rate(run, 3) < Rate(run, 2), "the third E-step was expected to sample the harmed policy.");
    }

    [Fact]
    public async Task A_worse_policy_is_rolled_back()
    {
        using FakeRun run = Harmed(new ValidationOptions { Samples = 6, WhenWorse = WhenWorse.RollBack });
        await run.StartAsync();
        ValidationDecision decision = Decision(run, 2)!;
        Assert.Equal((1, 1, false), (decision.Against, decision.GoesOnFrom, decision.Stops));
        Assert.True(decision.Difference is { High: < 0, PValue: < 0.05 }, $"{decision}");
        Assert.Equal(1, Decision(run, 1)!.GoesOnFrom);

        var texts = new[] { 2, 3 }.Select(iteration => run.Samples(DrawId.EStep(iteration))).ToList();
        Assert.True(Math.Abs(Rate(run, 3) - Rate(run, 2)) < 0.2, $"{Rate(run, 2)} and {Rate(run, 3)} are of one policy, expected them to be alike.");
        Assert.NotEqual(texts[0].Select(sample => sample.Completion.Text), texts[1].Select(sample => sample.Completion.Text));
        Assert.True(run.Read(ledger => ledger.Measures.Read(2).ContainsKey(Measure.TrainReward) is false), "E-step 3 did not sample policy 2.");
        Assert.Contains(run.Progress.Boundaries, text => text.Contains("the next E-step samples iteration 1 again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_sampled_after_a_roll_back_is_replayed_from_the_same_policy()
    {
        using FakeRun run = Harmed(new ValidationOptions { Samples = 6, WhenWorse = WhenWorse.RollBack });
        await run.StartAsync();
        var opened = await ReplayTests.ReplayAsync(run, new SampleRef(DrawId.EStep(3), "train-002", 1));
        Assert.Empty(opened.Differences);
    }

    [Fact]
    public async Task A_roll_back_is_where_a_restart_from_the_previous_policy_begins()
    {
        var bases = new List<string>();
        using FakeRun run = Harmed(new ValidationOptions { Samples = 6, WhenWorse = WhenWorse.RollBack });
        run.Options = run.Options with { MStep = run.Options.MStep with { Restart = RestartFrom.Previous } };
        run.OnJob = job => bases.Add(Path.GetFileName(Path.GetDirectoryName(job.Base.Folder)!));
        await run.StartAsync();
        Assert.Equal(["001", "001"], bases[1..]);
    }

    [Theory]
    [InlineData(WhenWorse.Stop, WhenNotBetter.Continue)]
    [InlineData(WhenWorse.Continue, WhenNotBetter.Stop)]
    public async Task A_rule_ends_the_run(WhenWorse worse, WhenNotBetter notBetter)
    {
        using FakeRun run = Harmed(new ValidationOptions { Samples = 6, WhenWorse = worse, WhenNotBetter = notBetter });
        await run.StartAsync();
        Assert.True(Decision(run, 2)!.Stops);
        Assert.Empty(run.Samples(DrawId.EStep(3)));
        Assert.NotEmpty(run.Samples(DrawId.TrainGap(2)));
        string digest = run.Digest();
        await run.StartAsync();
        Assert.Equal(digest, run.Digest());
        RunSummary summary = run.Read(ledger => SummaryReader.Read(ledger, run.View));
        Assert.Equal(RunSummary.Complete, summary.Status);
        Assert.Equal(1, summary.BestIteration);
        Assert.Equal([0, 1, 2], summary.Iterations.Select(entry => entry.Iteration));
        Assert.Contains(summary.Reading, sentence => sentence.Contains("iteration 2 was worse than iteration 1", StringComparison.Ordinal) && sentence.EndsWith("the run ends here.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Chance_alone_decides_nothing()
    {
        using FakeRun run = Harmed(new ValidationOptions { Samples = 1, WhenWorse = WhenWorse.Stop, Level = 0.001 });
        run.Problems = run.Problems with { Validation = FakeProblem.Make("validation", 4, 500) };
        await run.StartAsync();
        Assert.All([1, 2, 3], iteration => Assert.False(Decision(run, iteration)!.Stops));
        Assert.NotEmpty(run.Samples(DrawId.EStep(3)));
    }

    [Fact]
    public async Task Stopping_anywhere_changes_no_decision()
    {
        using FakeRun whole = Harmed(new ValidationOptions { Samples = 6, WhenWorse = WhenWorse.RollBack });
        await whole.StartAsync();
        int boundaries = whole.Progress.Boundaries.Count;
        for (int at = 2; at <= boundaries; at += 3) // an E-step, an M-step and an evaluation in turn, each ended or not begun
        {
            int left = at;
            using FakeRun run = Harmed(whole.Options.Validation);
            run.OnBoundary = _ =>
            {
                if (--left == 0)
                {
                    throw new OperationCanceledException();
                }
            };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(run.StartAsync);
            run.OnBoundary = _ => { };
            await run.StartAsync();
            Assert.True(whole.Digest() == run.Digest(), $"the digest differs after a stop at boundary {at}.");
        }
    }

    /// <summary>Of 24 problems a mean over 6 samples each: enough to see the harm, which is large.</summary>
    private static FakeRun Harmed(ValidationOptions rule)
    {
        var run = new FakeRun { Effect = iteration => iteration == 2 ? -4 : 4 };
        run.Problems = run.Problems with { Validation = FakeProblem.Make("validation", 24, 500) };
        run.Options = run.Options with { Iterations = 3, Validation = rule, TrainGapSamples = 1, MStep = run.Options.MStep with { Epochs = 1 } };
        return run;
    }

    private static ValidationDecision? Decision(FakeRun run, int iteration) => run.Read(ledger => ValidationDecision.Read(ledger.Measures, iteration));

    private static double Rate(FakeRun run, int iteration) => run.Samples(DrawId.EStep(iteration)).Average(sample => (double)sample.Reward);
}
