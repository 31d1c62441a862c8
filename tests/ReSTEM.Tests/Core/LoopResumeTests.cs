using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>However a run is stopped, starting it again ends with the ledger and the weights of a run that was never stopped.</summary>
public sealed class LoopResumeTests
{
    private static readonly Lazy<Task<(string Digest, string Weights, string[] Boundaries, int Samples)>> Whole = new(RunWholeAsync);

    [Fact]
    public async Task Stopping_at_any_phase_boundary_changes_nothing()
    {
        string[] boundaries = (await Whole.Value).Boundaries;
        Assert.Equal(16, boundaries.Length); // evaluate, validate, 2 x (e-step, m-step, evaluate): each begins and ends
        for (int at = 1; at <= boundaries.Length; at++)
        {
            int left = at;
            using FakeRun run = FakeRun.Small();
            run.OnBoundary = _ => StopAt(ref left);
            await Assert.ThrowsAsync<StoppedException>(run.StartAsync);
            run.OnBoundary = _ => { };
            await run.StartAsync();
            Assert.True((await Whole.Value).Digest == run.Digest(), $"the digest differs after a stop at boundary {at} ('{boundaries[at - 1]}').");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(25)]
    [InlineData(60)]
    public async Task Dying_in_the_middle_of_a_draw_changes_nothing(int sample)
    {
        using FakeRun run = FakeRun.Small();
        run.OnSample = _ => StopAt(ref sample);
        await Assert.ThrowsAsync<StoppedException>(run.StartAsync);
        run.OnSample = _ => { };
        await run.StartAsync();
        Assert.Equal((await Whole.Value).Digest, run.Digest());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Dying_in_the_middle_of_training_changes_nothing(int step)
    {
        using FakeRun run = FakeRun.Small();
        run.OnStep = () => StopAt(ref step);
        await Assert.ThrowsAsync<StoppedException>(run.StartAsync);
        run.OnStep = () => { };
        await run.StartAsync();
        Assert.Equal((await Whole.Value).Digest, run.Digest());
        Assert.Equal((await Whole.Value).Weights, File.ReadAllText(LastWeights(run)));
    }

    [Fact]
    public async Task Cancelling_keeps_what_was_judged_and_draws_only_the_rest()
    {
        using FakeRun run = FakeRun.Small();
        using var stop = new CancellationTokenSource();
        int drawn = 0;
        run.OnSample = _ => CancelAt(40, ref drawn, stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.StartAsync(stop.Token));
        int recorded = run.Read(ledger => new[] { DrawId.Sampled(0, "test"), DrawId.Greedy(0, "test"), DrawId.Validation(0, 0), DrawId.EStep(1) }
            .Sum(draw => (int)ledger.Samples.Count(draw).Drawn));

        int again = 0;
        run.OnSample = _ => again++;
        await run.StartAsync();
        Assert.Equal(40, drawn);
        Assert.InRange(recorded, 23, 40); // the phases before the e-step: 10 + 5 + 8
        Assert.Equal((await Whole.Value).Samples - recorded, again);
        Assert.Equal((await Whole.Value).Digest, run.Digest());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 4)]
    [InlineData(64, 2)]
    public async Task Slots_and_workers_change_nothing(int slots, int workers)
    {
        using FakeRun run = FakeRun.Small();
        run.Slots = slots;
        run.Options = run.Options with { Drawing = run.Options.Drawing with { VerifierWorkers = workers } };
        await run.StartAsync();
        Assert.Equal((await Whole.Value).Digest, run.Digest());
    }

    [Fact]
    public async Task A_complete_run_does_nothing_when_started_again()
    {
        using FakeRun run = FakeRun.Small();
        await run.StartAsync();
        string digest = run.Digest();
        int touched = 0;
        run.OnSample = _ => touched++;
        run.OnStep = () => touched++;
        run.OnBoundary = _ => touched++;
        await run.StartAsync();
        Assert.Equal(0, touched);
        Assert.Equal(digest, run.Digest());
    }

    [Fact]
    public async Task Another_seed_gives_another_ledger()
    {
        using FakeRun other = FakeRun.Small();
        other.Options = other.Options with { Seed = 8 };
        await other.StartAsync();
        Assert.NotEqual((await Whole.Value).Digest, other.Digest());
    }

    [Fact]
    public async Task An_altered_checkpoint_is_named_and_not_used()
    {
        using FakeRun run = FakeRun.Small();
        run.OnBoundary = text => StopIf(text.StartsWith("start 2 e-step", StringComparison.Ordinal));
        await Assert.ThrowsAsync<StoppedException>(run.StartAsync);
        File.AppendAllText(Path.Combine(run.Folder, "iterations", "001", "policy", "weights.txt"), "\nother=1");
        run.OnBoundary = _ => { };
        var fault = await Assert.ThrowsAsync<InvalidDataException>(run.StartAsync);
        Assert.Matches("iterations.001.policy.weights.txt was altered: its SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}. Restore it, or delete .*001.policy and start the run with --rebuild", fault.Message);
    }

    [Fact]
    public async Task A_policy_that_is_gone_is_trained_again_when_asked_to()
    {
        using FakeRun run = FakeRun.Small();
        await run.StartAsync();
        string weights = File.ReadAllText(LastWeights(run));
        Directory.Delete(Path.GetDirectoryName(LastWeights(run))!, recursive: true);
        Assert.Contains(run.Read(ledger => ledger.Files.Faults()), fault => fault.Contains("002/policy/weights.txt is missing", StringComparison.Ordinal));
        int drawn = 0;
        run.OnSample = _ => drawn++;
        run.Options = run.Options with { Rebuild = true };
        await run.StartAsync();
        Assert.Equal(weights, File.ReadAllText(LastWeights(run)));
        Assert.Equal((0, (await Whole.Value).Digest), (drawn, run.Digest()));
        Assert.Empty(run.Read(ledger => ledger.Files.Faults()));
    }

    [Theory]
    [InlineData(30, 0)]
    [InlineData(60, 0)]
    [InlineData(0, 2)]
    [InlineData(0, 3)]
    public async Task Tokens_are_those_of_a_run_that_was_never_stopped(int sample, int step)
    {
        using FakeRun whole = FakeRun.Small();
        await whole.StartAsync();
        using FakeRun run = FakeRun.Small();
        run.OnSample = _ => StopAt(ref sample);
        run.OnStep = () => StopAt(ref step);
        await Assert.ThrowsAsync<StoppedException>(run.StartAsync);
        await run.StartAsync();
        Assert.Equal(Tokens(whole), Tokens(run));

        static string Tokens(FakeRun of) => string.Join('\n', of.Read(ledger => Enumerable.Range(0, 3)
            .SelectMany(iteration => ledger.Phases.ReadCosts(iteration).Select(cost => $"{iteration} {cost.Key} {cost.Value.Tokens}")).ToList()));
    }

    private static async Task<(string Digest, string Weights, string[] Boundaries, int Samples)> RunWholeAsync()
    {
        using FakeRun run = FakeRun.Small();
        int samples = 0;
        run.OnSample = _ => samples++;
        await run.StartAsync();
        return (run.Digest(), File.ReadAllText(LastWeights(run)), [.. run.Progress.Boundaries], samples);
    }

    private static string LastWeights(FakeRun run) => Path.Combine(run.Folder, "iterations", "002", "policy", "weights.txt");

    private static void StopAt(ref int left) => StopIf(Interlocked.Decrement(ref left) == 0);

    private static void StopIf(bool condition)
    {
        if (condition)
        {
            throw new StoppedException();
        }
    }

    private static void CancelAt(int at, ref int drawn, CancellationTokenSource stop)
    {
        if (++drawn == at)
        {
            stop.Cancel();
        }
    }

    private sealed class StoppedException : Exception;
}
