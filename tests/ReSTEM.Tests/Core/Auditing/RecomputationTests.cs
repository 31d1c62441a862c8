using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>What a run made of its samples is made anew: the same from the same findings, and what follows from others.</summary>
public sealed class RecomputationTests
{
    [Fact]
    public async Task From_the_same_findings_everything_is_the_same()
    {
        using var run = new FakeRun();
        run.Options = run.Options with { TrainGapSamples = 2 };
        await run.StartAsync();
        Assert.Empty(await ChangesAsync(run, run.Verifier));

        using var scratch = new ScratchFolder();
        using RunLedger ledger = RunLedger.OpenToRead(run.Folder), copy = ledger.CopyTo(scratch.Path);
        Assert.Empty(await new Recomputation(run.Options, run.Problems, run.Verifier, copy).RunAsync(CancellationToken.None));
        Assert.Equal(ledger.ContentDigest(), copy.ContentDigest());
    }

    [Fact]
    public async Task A_stricter_verifier_changes_verdicts_kept_sets_and_measures()
    {
        using var run = new FakeRun();
        await run.StartAsync();
        string digest = run.Digest();
        var changes = await ChangesAsync(run, new StricterVerifier());
        Assert.NotEmpty(changes);
        Assert.All(changes, change => Assert.Equal((Verdict.Correct, Verdict.Incorrect), (change.Before.Finding.Verdict, change.Now.Verdict)));

        using var scratch = new ScratchFolder();
        using RunLedger ledger = RunLedger.OpenToRead(run.Folder), copy = ledger.CopyTo(scratch.Path);
        foreach (var draw in changes.GroupBy(change => change.Ref.Draw))
        {
            copy.Samples.Write(draw.Key, [.. draw.Select(change => change.Before with { Finding = change.Now })]);
        }

        await new Recomputation(run.Options, run.Problems, run.Verifier, copy).RunAsync(CancellationToken.None);
        int lost = changes.Where(change => change.Ref.Draw == DrawId.EStep(1)).Select(change => (change.Ref.ProblemId, change.Before.Completion.Text)).Distinct().Count();
        Assert.Equal(ledger.Kept.Read(1).Count() - lost, copy.Kept.Read(1).Count());
        Measure measure = Measure.Evaluation("test", Metric.PassAt(1));
        int[] changed = [.. Enumerable.Range(0, run.Options.Iterations + 1).Where(iteration => changes.Any(change => change.Ref.Draw == DrawId.Sampled(iteration, "test")))];
        Assert.Equal(run.Options.Iterations, changed[^1]); // the last iteration is among those that are made anew
        Assert.All(changed, iteration => Assert.True(copy.Measures.Read(iteration)[measure].Value < ledger.Measures.Read(iteration)[measure].Value));
        Assert.True(copy.Measures.Read(0)[Measure.TrainReward].Value < ledger.Measures.Read(0)[Measure.TrainReward].Value);
        Assert.Equal(digest, run.Digest());
    }

    [Fact]
    public async Task An_iteration_that_would_have_kept_nothing_is_told()
    {
        using var run = FakeRun.Small();
        await run.StartAsync();
        using var scratch = new ScratchFolder();
        using RunLedger ledger = RunLedger.OpenToRead(run.Folder), copy = ledger.CopyTo(scratch.Path);
        foreach (ListedSample sample in ledger.Listing.Find(new SampleFilter { Iteration = 1, Set = "train" }))
        {
            copy.Samples.Write(sample.Ref.Draw, [sample.Sample with { Finding = sample.Sample.Finding with { Verdict = Verdict.Incorrect } }]);
        }

        var notes = await new Recomputation(run.Options, run.Problems, run.Verifier, copy).RunAsync(CancellationToken.None);
        Assert.StartsWith("iteration 1 kept 0 of 32 samples", Assert.Single(notes), StringComparison.Ordinal);
    }

    private static async Task<List<ChangedFinding>> ChangesAsync(FakeRun run, IVerifier verifier)
    {
        using RunLedger ledger = RunLedger.OpenToRead(run.Folder);
        var judging = new Rejudging(verifier, ledger.Samples, workers: 3);
        var changes = new List<ChangedFinding>();
        int judged = 0;
        foreach (DrawListing draw in ledger.Listing.Draws())
        {
            await foreach (ChangedFinding change in judging.ChangesAsync(
                draw.Draw, DrawPlans.Of(run.Options, run.Problems, draw.Draw).Problems, count => Interlocked.Add(ref judged, count), CancellationToken.None))
            {
                changes.Add(change);
            }
        }

        Assert.Equal(ledger.Listing.Find(new SampleFilter()).Count(), judged);
        return changes;
    }

    /// <summary>Does not count sums that are written the other way round.</summary>
    private sealed class StricterVerifier : IVerifier
    {
        private readonly FakeVerifier _usual = new();

        public string VersionOf(TaskKind task) => _usual.VersionOf(task);

        public async ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken)
        {
            Finding finding = await _usual.VerifyAsync(problem, completion, cancellationToken);
            string[] sum = completion.Split('=')[0].Split('+');
            bool turned = finding.Verdict is Verdict.Correct && problem.Prompt.IndexOf(sum[0], StringComparison.Ordinal) > problem.Prompt.IndexOf(sum[1], StringComparison.Ordinal);
            return turned ? finding with { Verdict = Verdict.Incorrect, Reason = "turned" } : finding;
        }

        public bool SameAnswer(Problem problem, string answer, string other) => _usual.SameAnswer(problem, answer, other);
    }
}
