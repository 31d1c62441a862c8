using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>Every sample of a run is drawn again to the same tokens and the same finding; what is not the same is told.</summary>
public sealed class ReplayTests
{
    [Fact]
    public async Task Every_sample_whose_policy_was_kept_comes_out_the_same()
    {
        using var run = FakeRun.Small();
        run.Options = run.Options with { TrainGapSamples = 2 };
        await run.StartAsync();
        var samples = run.Read(ledger => ledger.Listing.Find(new SampleFilter()).ToList());
        string[] draws = [.. samples.Select(sample => sample.Ref.Draw.Name).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(["e-step", "evaluation/test/greedy", "evaluation/test/sampled", "train", "validation/0", "validation/1", "validation/2"], draws);
        DrawId[] kept = [.. samples.Select(sample => sample.Ref.Draw).Distinct().Where(draw => run.Read(ledger => Replay.HasPolicy(ledger, draw)))];
        Assert.Equal(1 + 2, kept.Count(draw => draw.Set == "validation")); // the base model, and one of two epochs of each iteration
        foreach (ListedSample sample in samples.Where(sample => kept.Contains(sample.Ref.Draw)))
        {
            ReplayedSample replayed = await ReplayAsync(run, sample.Ref);
            Assert.True(replayed.Differences.Count == 0, $"{sample.Ref}: {string.Join("; ", replayed.Differences)}");
        }
    }

    [Fact]
    public async Task With_a_teacher_the_E_step_is_drawn_from_it()
    {
        using var run = FakeRun.Small();
        new FakeWeights(new Dictionary<string, double> { ["arithmetic"] = 1.5, ["word"] = 2 }).Save(run.BaseFolder + "-teacher");
        run.Options = run.Options with { Teacher = new PolicyRef(run.BaseFolder + "-teacher", FakeWeights.Load(run.BaseFolder + "-teacher").Sha256) };
        await run.StartAsync();
        Assert.Empty((await ReplayAsync(run, run.Read(ledger => ledger.Listing.Find(new SampleFilter { Iteration = 2, Set = "train" }).First().Ref))).Differences);
    }

    [Fact]
    public async Task What_differs_is_told_by_its_place()
    {
        using var run = FakeRun.Small();
        await run.StartAsync();
        ListedSample first = run.Read(ledger => ledger.Listing.Find(new SampleFilter { Set = "train", Verdict = Verdict.Correct }).First());
        int[] ids = [.. first.Sample.Completion.TokenIds];
        ids[3]++;
        run.Read(ledger =>
        {
            ledger.Samples.Write(first.Ref.Draw, [first.Sample with { Completion = first.Sample.Completion with { TokenIds = ids, LogProbability = -9 } }]);
            return 0;
        });
        run.Verifier = new FakeVerifier(_ => true);

        var differences = (await ReplayAsync(run, first.Ref)).Differences;
        Assert.StartsWith($"tokens differ from position 3 on: id {ids[3]}, drawn again id {ids[3] - 1}", differences[0], StringComparison.Ordinal);
        Assert.StartsWith("log-probability was -9, drawn again -", differences[1], StringComparison.Ordinal);
        Assert.Contains("verdict was 'Correct', judged again 'VerifierFailed'", differences);
    }

    [Fact]
    public async Task A_sample_that_is_not_there_is_refused()
    {
        using var run = FakeRun.Small();
        await run.StartAsync();
        var none = new SampleRef(DrawId.EStep(1), "train-0", 99);
        Assert.StartsWith("1/e-step/train-0#99 is not in the ledger", (await Assert.ThrowsAsync<InvalidDataException>(() => ReplayAsync(run, none))).Message, StringComparison.Ordinal);
    }

    internal static async Task<ReplayedSample> ReplayAsync(FakeRun run, SampleRef sample)
    {
        using RunLedger ledger = RunLedger.OpenToRead(run.Folder);
        var engine = new FakeEngine(_ => { }, 3, new FakeTrainer(_ => { }, () => { }, _ => { }, 3));
        LoopOptions options = run.Options with { Base = engine.Resolve(run.BaseFolder) };
        using var policies = new PolicyShelf(engine, ledger, options.Base, adapter: null);
        using var replay = new Replay(options, run.Problems, run.Verifier, ledger, policies);
        return await replay.RunAsync(sample, CancellationToken.None);
    }
}
