using ReSTEM.Core;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>SFTMix in the loop: where the confidence comes from, what is remembered of it, and that a stopped run ends as one that was not.</summary>
public sealed class MixupLoopTests
{
    [Fact]
    public async Task A_reference_run_is_trained_first_and_leaves_its_perplexities()
    {
        var jobs = new List<TrainingJob>();
        using FakeRun run = Small(new SftMixOptions());
        run.OnJob = jobs.Add;
        await run.StartAsync();
        Assert.Equal(4, jobs.Count); // a reference run and a training in each of two iterations
        for (int iteration = 1; iteration <= 2; iteration++)
        {
            TrainingJob reference = jobs[(2 * iteration) - 2], training = jobs[(2 * iteration) - 1];
            Assert.Null(reference.Mixup);
            Assert.Equal((2, 0), (reference.Epochs, reference.Patience));
            Assert.Equal(ContentDigest.Of(training.Sequences), ContentDigest.Of(reference.Sequences));
            Assert.Equal((training.Base, training.Random), (reference.Base, reference.Random));
            var losses = run.Read(ledger => ledger.Training.ReadCheckpoints(iteration));
            Assert.Equal([training.Sequences.Count, training.Sequences.Count], losses.Select(of => of.Count));
            Assert.Equal(ConfidenceSplit.Of(losses).Digest, training.Mixup!.Split.Digest);
            Assert.False(Directory.Exists(run.Read(ledger => ledger.Paths.Reference(iteration))));
        }

        Assert.NotEqual(jobs[1].Mixup!.Random, jobs[3].Mixup!.Random);
        int steps = (jobs[0].Sequences.Count + 7) / 8 * 2;
        Assert.Contains($"start 1 confidence {steps} steps", run.Progress.Boundaries);
        Assert.Contains(run.Progress.Boundaries, text => text.StartsWith("end ", StringComparison.Ordinal) && text.Contains("by perplexities of 2 checkpoints about a median of 1.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_report_shows_confidence_halves_and_both_parts_of_the_loss()
    {
        using FakeRun run = Small(new SftMixOptions { Mu = 0.5 });
        await run.StartAsync();
        string report = run.Read(ledger => HtmlReport.Text(run.Folder, ledger, SummaryReader.Read(ledger, run.View)));
        var split = ConfidenceSplit.Of(run.Read(ledger => ledger.Training.ReadCheckpoints(1)));
        double[] sorted = [.. split.Perplexities.Where(double.IsFinite).Order()];
        string[] cells = [$"{split.Checkpoints}", $"{split.Confident.Count}", $"{split.Unconfident.Count}", Shown.Number(sorted[0], 3)];
        Assert.Contains(string.Concat(cells.Select(cell => $"<td>{cell}</td>")), report, StringComparison.Ordinal);
        Assert.Contains($"<td>{Shown.Number(split.Median, 3)}</td>", report, StringComparison.Ordinal);
        TrainingStep[] first = [.. run.Read(ledger => ledger.Training.ReadSteps(1)).Where(step => step.Epoch == 1)];
        double plain = first.Average(step => step.Loss), mixed = first.Average(step => step.Mixup!.Value);
        cells = [Shown.Number(plain, 4), Shown.Number(mixed, 4), Shown.Number(plain + (0.5 * mixed), 4)];
        Assert.Contains(string.Concat(cells.Select(cell => $"<td>{cell}</td>")), report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policies_of_earlier_iterations_cost_no_training()
    {
        var jobs = new List<TrainingJob>();
        using FakeRun run = Small(new SftMixOptions { Confidence = ConfidenceSource.Iterations, Checkpoints = 2 }, iterations: 3);
        run.OnJob = jobs.Add;
        await run.StartAsync();
        Assert.Equal(3, jobs.Count);
        Assert.Equal([1, 2, 2], Enumerable.Range(1, 3).Select(iteration => run.Read(ledger => ledger.Training.ReadCheckpoints(iteration).Count)));
        Assert.Equal(
            "iteration 1: m_step.objective.sftmix.checkpoints is 2, and there are 1 so far, the base model among them: the confidence is of those",
            Assert.Single(run.Progress.Notes, note => note.Contains("sftmix", StringComparison.Ordinal)));

        // Iteration 3 asks policies 1 and 2: the losses are what they say of its sequences.
        var engine = new FakeEngine(_ => { }, 5, new FakeTrainer(_ => { }, () => { }, _ => { }, 5));
        TrainingSequence[] sequences = [.. jobs[2].Sequences];
        for (int checkpoint = 1; checkpoint <= 2; checkpoint++)
        {
            using IPolicy policy = engine.Open(engine.Resolve(run.Read(ledger => ledger.Paths.Policy(checkpoint))));
            double[] expected = [.. policy.LogProbabilities(sequences.Select(one => one.TokenIds), CancellationToken.None)
                .Select((logs, i) => -logs.Skip(sequences[i].PromptLength).Average(log => (double)log))];
            double[] stored = [.. run.Read(ledger => ledger.Training.ReadCheckpoints(3))[checkpoint - 1]];
            Assert.All(expected.Zip(stored), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        }
    }

    [Theory]
    [InlineData(ConfidenceSource.Reference, 20)] // evaluate, validate, 2 x (e-step, confidence, m-step, evaluate): each begins and ends
    [InlineData(ConfidenceSource.Iterations, 20)]
    public async Task Stopping_at_any_phase_boundary_changes_nothing(ConfidenceSource source, int boundaries)
    {
        using FakeRun whole = Small(new SftMixOptions { Confidence = source });
        await whole.StartAsync();
        Assert.Equal(boundaries, whole.Progress.Boundaries.Count);
        for (int at = 1; at <= boundaries; at++)
        {
            int left = at;
            using FakeRun run = Small(new SftMixOptions { Confidence = source });
            run.OnBoundary = _ => StopAt(ref left);
            await Assert.ThrowsAsync<InvalidTimeZoneException>(run.StartAsync);
            run.OnBoundary = _ => { };
            await run.StartAsync();
            Assert.True(whole.Digest() == run.Digest(), $"the digest differs after a stop at boundary {at} ('{whole.Progress.Boundaries[at - 1]}').");
            Assert.Equal(Tokens(whole), Tokens(run));
        }
    }

    [Fact]
    public async Task Dying_in_any_step_changes_nothing_nor_does_a_lost_policy()
    {
        int steps = 0;
        using FakeRun whole = Small(new SftMixOptions());
        whole.OnStep = () => steps++;
        await whole.StartAsync();
        for (int at = 1; at <= steps; at++)
        {
            int left = at;
            using FakeRun run = Small(new SftMixOptions());
            run.OnStep = () => StopAt(ref left);
            await Assert.ThrowsAsync<InvalidTimeZoneException>(run.StartAsync);
            run.OnStep = () => { };
            await run.StartAsync();
            Assert.True(whole.Digest() == run.Digest(), $"the digest differs after a stop in step {at}");
            Assert.Equal(Tokens(whole), Tokens(run));
        }

        Directory.Delete(whole.Read(ledger => ledger.Paths.Policy(2)), recursive: true);
        int again = steps;
        whole.Options = whole.Options with { Rebuild = true };
        await whole.StartAsync();
        Assert.Equal(2 * ((whole.Read(ledger => ledger.Kept.Read(2).Count()) + 7) / 8), steps - again); // the split is remembered: there is no second reference run
    }

    [Fact]
    public async Task Without_weight_a_run_is_that_of_the_negative_log_likelihood()
    {
        using FakeRun plain = Small(null), none = Small(new SftMixOptions { Mu = 0 });
        await plain.StartAsync();
        await none.StartAsync();
        Assert.Equal(plain.Digest(), none.Digest());
    }

    [Fact]
    public async Task One_example_is_refused_before_anything_is_trained()
    {
        using FakeRun run = Small(new SftMixOptions());
        run.Problems = run.Problems with { Train = [run.Problems.Train[0]] };
        run.Options = run.Options with { EStep = run.Options.EStep with { Samples = 32, KeepLimit = 1 } };
        run.OnStep = () => Assert.Fail("a step was made");
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(run.StartAsync);
        Assert.StartsWith("1 example to train on, expected at least 2: sftmix mixes", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Half of a reference run by one engine and half by another would be of neither.</summary>
    [Fact]
    public async Task Another_engine_begins_the_confidence_of_an_unfinished_iteration_anew()
    {
        using FakeRun run = Small(new SftMixOptions());
        Open("fake", allow: false);
        run.OnBoundary = text => { if (text.StartsWith("start 2 m-step", StringComparison.Ordinal)) { throw new InvalidTimeZoneException("died"); } };
        await Assert.ThrowsAsync<InvalidTimeZoneException>(run.StartAsync);
        Assert.Equal((2, 2), run.Read(ledger => (ledger.Training.ReadCheckpoints(1).Count, ledger.Training.ReadCheckpoints(2).Count)));
        Open("other", allow: true);
        Assert.Equal((2, 0), run.Read(ledger => (ledger.Training.ReadCheckpoints(1).Count, ledger.Training.ReadCheckpoints(2).Count)));
        Assert.Equal((true, false), run.Read(ledger => (ledger.Phases.IsComplete(1, TrainingDynamics.Phase), ledger.Phases.IsComplete(2, TrainingDynamics.Phase))));

        void Open(string engine, bool allow) => RunFolder.Open(
            run.Folder, RunIdentity.Empty.With("engine.name", engine).With(new EngineFingerprint(engine, "1", "float32", Deterministic: true)), "resolved\n", allow).Dispose();
    }

    private static FakeRun Small(SftMixOptions? mixup, int iterations = 2)
    {
        FakeRun run = FakeRun.Small();
        run.Options = run.Options with
        {
            Iterations = iterations,
            MStep = run.Options.MStep with { Objective = mixup is null ? null : new ObjectiveOptions { Sftmix = mixup } },
        };
        return run;
    }

    private static string Tokens(FakeRun of) => string.Join('\n', of.Read(ledger => Enumerable.Range(0, 3)
        .SelectMany(iteration => ledger.Phases.ReadCosts(iteration).Select(cost => $"{iteration} {cost.Key} {cost.Value.Tokens}")).ToList()));

    private static void StopAt(ref int left)
    {
        if (--left == 0)
        {
            throw new InvalidTimeZoneException("stopped");
        }
    }
}
