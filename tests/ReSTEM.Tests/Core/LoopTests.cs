using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class LoopTests
{
    [Fact]
    public async Task A_run_draws_what_it_says_and_measures_every_iteration()
    {
        using FakeRun run = FakeRun.Small();
        run.Options = run.Options with { TrainGapSamples = 3 };
        await run.StartAsync();

        Assert.Equal(8 * 4, run.Samples(DrawId.EStep(1)).Count);
        Assert.Equal(5 * 2, run.Samples(DrawId.Sampled(2, "test")).Count);
        Assert.Equal(5, run.Samples(DrawId.Greedy(2, "test")).Count);
        Assert.Equal(4 * 2, run.Samples(DrawId.Validation(2, 2)).Count);
        Assert.Equal(8 * 3, run.Samples(DrawId.TrainGap(2)).Count);
        for (int iteration = 0; iteration <= 2; iteration++)
        {
            var names = run.Read(ledger => ledger.Measures.Read(iteration).Keys.Select(measure => measure.Name).ToHashSet());
            Assert.Superset(
                new HashSet<string> { "test/pass@1", "test/pass@2", "test/maj@2", "test/greedy", "train/pass@1", "validation/reward" }, names);
        }

        Assert.Contains("start 2 e-step 32 samples", run.Progress.Boundaries);
    }

    [Fact]
    public async Task Progress_adds_up_to_the_totals()
    {
        using FakeRun run = FakeRun.Small();
        run.Options = run.Options with { Iterations = 1 };
        await run.StartAsync();
        long steps = run.Read(ledger => ledger.Training.Read(1)!.Steps);
        long samples = (8 * 4) + (2 * ((5 * 2) + 5)) + (4 * 2);
        Assert.Equal(samples + steps, run.Progress.Advances.Sum(advance => advance.Units));
        long booked = run.Read(ledger => ledger.Phases.ReadCosts(0).Values.Concat(ledger.Phases.ReadCosts(1).Values).Sum(cost => cost.Tokens));
        Assert.Equal(booked, run.Progress.Advances.Sum(advance => advance.Tokens));
    }

    [Fact]
    public async Task Validation_inside_an_m_step_counts_no_step_and_says_what_it_counts()
    {
        using FakeRun run = FakeRun.Small();
        await run.StartAsync();
        var inside = run.Progress.Advances.Where(advance => advance is { Units: 0, Tokens: > 0 }).ToList();
        Assert.NotEmpty(inside);
        Assert.All(inside, advance => Assert.StartsWith("validation: ", advance.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_verifier_that_fails_twice_is_asked_again()
    {
        int failures = 0;
        using FakeRun run = FakeRun.Small();
        run.Verifier = new FakeVerifier(problem => problem.Id == "train-003" && ++failures <= 2);
        run.Options = run.Options with { Drawing = run.Options.Drawing with { VerifierWorkers = 1 } };
        await run.StartAsync();
        Assert.DoesNotContain(
            run.Samples(DrawId.EStep(1)), sample => sample.Finding.Verdict is Verdict.VerifierFailed);
    }

    [Fact]
    public async Task A_broken_verifier_stops_the_run_and_once_mended_judges_without_drawing_again()
    {
        using FakeRun whole = FakeRun.Small();
        await whole.StartAsync();
        using FakeRun run = FakeRun.Small();
        run.Verifier = new FakeVerifier(problem => problem.Id == "train-003");
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(run.StartAsync);
        Assert.StartsWith("the verifier failed on 4 of 32 samples, expected at most 0.0", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'train-003', sample 0: worker-lost", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("train-003", run.Read(ledger => ledger.Kept.Read(1).Select(kept => kept.ProblemId).ToList()));

        run.Verifier = new FakeVerifier();
        var first = new List<string>();
        run.OnSample = request => first.Add(request.ProblemId);
        await run.StartAsync();
        Assert.DoesNotContain(first.Take(4), id => id.StartsWith("train", StringComparison.Ordinal));
        Assert.Equal(whole.Digest(), run.Digest());
    }

    [Fact]
    public async Task Nothing_kept_says_why()
    {
        using FakeRun run = FakeRun.Small();
        new FakeWeights(new Dictionary<string, double> { ["arithmetic"] = -50, ["word"] = -50 }).Save(run.BaseFolder);
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(run.StartAsync);
        Assert.Matches("^iteration 1 kept 0 of 32 samples, expected at least 1: [0-9]+ Incorrect, [0-9]+ Unparsable\\.", fault.Message);
    }

    [Fact]
    public async Task Nothing_kept_because_all_was_cut_says_what_to_raise()
    {
        using FakeRun run = FakeRun.Small();
        run.Options = run.Options with { EStep = run.Options.EStep with { Sampling = run.Options.EStep.Sampling with { MaxTokens = 2 } } };
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(run.StartAsync);
        Assert.Matches("^iteration 1 kept 0 of 32 samples, expected at least 1: 32 unfinished\\. .*raise e_step\\.sampling\\.max_tokens \\(now 2\\)", fault.Message);
    }

    [Fact]
    public async Task Distillation_samples_from_the_other_model()
    {
        using FakeRun run = FakeRun.Small();
        string teacher = Path.Combine(run.Folder, "teacher");
        var weights = new FakeWeights(new Dictionary<string, double> { ["arithmetic"] = 50, ["word"] = 50 });
        weights.Save(teacher);
        run.Options = run.Options with { Teacher = new PolicyRef(teacher, weights.Sha256) };
        await run.StartAsync();
        Assert.All(run.Samples(DrawId.EStep(2)), sample => Assert.True(sample.IsCorrect));
        Assert.DoesNotContain(Measure.TrainReward, run.Read(ledger => ledger.Measures.Read(0).Keys));
    }

    [Fact]
    public async Task Solutions_replace_the_e_step_in_the_baseline()
    {
        var jobs = new List<TrainingJob>();
        using FakeRun run = FakeRun.Small();
        run.OnJob = jobs.Add;
        run.Problems = run.Problems with { Train = [run.Problems.Train[0] with { Solution = new string('x', 1000) }, .. run.Problems.Train.Skip(1)] };
        run.Options = run.Options with { Iterations = 1, MStep = run.Options.MStep with { Data = MStepData.Solutions } };
        await run.StartAsync();
        Assert.Empty(run.Samples(DrawId.EStep(1)));
        Assert.Equal(7, Assert.Single(jobs).Sequences.Count);
        Assert.Equal(["1 of 8 solutions are longer than the model's context and are left out"], run.Progress.Notes);
        Assert.All(jobs[0].Sequences, sequence => Assert.Equal(FakePolicy.EndOfText, sequence.TokenIds[^1]));
    }

    [Fact]
    public async Task A_missing_solution_is_named()
    {
        using FakeRun run = FakeRun.Small();
        run.Problems = run.Problems with { Train = [run.Problems.Train[0] with { Solution = "" }] };
        run.Options = run.Options with { MStep = run.Options.MStep with { Data = MStepData.Solutions } };
        var fault = await Assert.ThrowsAsync<InvalidDataException>(run.StartAsync);
        Assert.StartsWith("problem 'train-000' has no solution", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KeptWeights.Count)]
    [InlineData(KeptWeights.Equal)]
    public async Task Accumulating_trains_on_all_iterations_with_merged_counts(KeptWeights weights)
    {
        var jobs = new List<TrainingJob>();
        using FakeRun run = FakeRun.Small();
        run.OnJob = jobs.Add;
        run.Options = run.Options with { MStep = run.Options.MStep with { Accumulate = true, Weights = weights } };
        await run.StartAsync();
        var kept = run.Read(ledger => ledger.Kept.Read(1).Concat(ledger.Kept.Read(2)).ToList());
        var distinct = kept.GroupBy(sample => (sample.ProblemId, sample.Sample.Completion.Text)).ToList();
        Assert.True(distinct.Count < kept.Count);
        Assert.Equal(distinct.Count, jobs[1].Sequences.Count);
        double expected = weights is KeptWeights.Count ? kept.DistinctBy(sample => sample.ProblemId).Count() : distinct.Count;
        Assert.Equal(expected, jobs[1].Sequences.Sum(sequence => sequence.Weight), precision: 4);
    }

    [Theory]
    [InlineData(RestartFrom.Base)]
    [InlineData(RestartFrom.Previous)]
    public async Task Restart_decides_where_the_second_m_step_starts(RestartFrom restart)
    {
        var jobs = new List<TrainingJob>();
        using FakeRun run = FakeRun.Small();
        run.OnJob = jobs.Add;
        run.Options = run.Options with { MStep = run.Options.MStep with { Restart = restart } };
        await run.StartAsync();
        Assert.Equal(run.BaseFolder, jobs[0].Base.Folder);
        Assert.Equal(restart is RestartFrom.Base ? run.BaseFolder : jobs[0].OutputFolder, jobs[1].Base.Folder);
    }

    [Theory]
    [InlineData(FewShotUse.Base)]
    [InlineData(FewShotUse.Always)]
    public async Task Examples_are_shown_to_whom_they_are_for(FewShotUse use)
    {
        var shown = new Dictionary<string, bool>();
        using FakeRun run = FakeRun.Small();
        string phase = "";
        run.OnBoundary = text => phase = text;
        run.OnSample = request => shown[phase] = request.PromptIds.Contains('#');
        TrainingJob? job = null;
        run.OnJob = given => job = given;
        run.Options = run.Options with
        {
            Drawing = run.Options.Drawing with { Prompt = new PromptOptions { FewShot = FakeProblem.Make("shot", 2, 2000), Use = use } },
        };
        await run.StartAsync();
        Assert.True(shown["start 0 evaluate test 15 samples"]);
        Assert.True(shown["start 1 e-step 32 samples"]);
        Assert.Equal(use is FewShotUse.Always, shown["start 1 evaluate test 15 samples"]);
        Assert.Equal(use is FewShotUse.Always, shown["start 2 e-step 32 samples"]);
        Assert.Equal(use is FewShotUse.Always, job!.Sequences[0].TokenIds.Take(job.Sequences[0].PromptLength).Contains('#'));
    }

    [Fact]
    public async Task Transfer_sets_are_measured_at_the_base_and_the_best_iteration_only()
    {
        using FakeRun run = FakeRun.Small();
        run.Problems = run.Problems with
        {
            Evaluations = [.. run.Problems.Evaluations, new EvaluationSet("far", FakeProblem.Make("far", 3, 4000), new EvaluationOptions { Samples = 1, K = [1], At = EvaluateAt.Ends })],
        };
        await run.StartAsync();
        int best = run.Read(ledger => BestIteration.Of(ledger.Measures, 2));
        for (int iteration = 0; iteration <= 2; iteration++)
        {
            Assert.Equal(iteration == 0 || iteration == best, run.Read(ledger => ledger.Measures.Read(iteration).ContainsKey(Measure.Evaluation("far", Metric.Greedy))));
        }
    }

    [Fact]
    public async Task Prompts_that_do_not_fit_are_counted_and_named()
    {
        using FakeRun run = FakeRun.Small();
        Problem long1 = run.Problems.Train[0] with { Id = "long", Prompt = new string('1', 1000) };
        run.Problems = run.Problems with { Train = [.. run.Problems.Train, long1] };
        var fault = await Assert.ThrowsAsync<InvalidDataException>(run.StartAsync);
        Assert.StartsWith("1 of 9 prompts do not fit the model: expected 1 to 999 tokens, got 'long' (1000 tokens).", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 0.2, 0.5, 0.4 }, 1)]
    [InlineData(new[] { 0.2, 0.5, 0.5 }, 1)] // the earliest among equals
    [InlineData(new[] { 0.6, 0.5, 0.5 }, 0)]
    [InlineData(new double[0], 2)] // the last where none was measured
    public void The_best_iteration_has_the_largest_validation_reward(double[] rewards, int expected)
    {
        using FakeRun run = FakeRun.Small();
        int best = run.Read(ledger =>
        {
            for (int i = 0; i < rewards.Length; i++)
            {
                ledger.Measures.Write(i, Measure.ValidationReward, rewards[i]);
            }

            return BestIteration.Of(ledger.Measures, 2);
        });
        Assert.Equal(expected, best);
    }
}
