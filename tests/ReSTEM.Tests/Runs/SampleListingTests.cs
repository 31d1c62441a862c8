using System.Text.RegularExpressions;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

public sealed class SampleListingTests : IDisposable
{
    private static readonly DrawId Greedy = DrawId.Greedy(2, "a/b");

    private readonly ScratchFolder _scratch = new();
    private readonly RunLedger _ledger;

    public SampleListingTests()
    {
        _ledger = RunLedger.Open(_scratch.Path);
        foreach (DrawId draw in (DrawId[])[DrawId.EStep(1), Greedy])
        {
            _ledger.Samples.Begin(draw, new PolicyFingerprint("abc", FakeEngine.Identity));
            _ledger.Samples.Write(draw, [.. Enumerable.Range(0, 3000).Select(i => new Sample(
                new Completion { ProblemId = $"p{i / 1000}", Index = i % 1000, TokenIds = [1], Text = $"text {i}", FinishReason = FinishReason.EndOfText, LogProbability = -1 },
                new Finding { Verdict = (Verdict)(i % 3), Reason = i % 2 == 0 ? "even" : "odd" }))]);
        }
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void Samples_come_in_order_and_each_once_however_many_parts_they_take()
    {
        var found = _ledger.Listing.Find(new SampleFilter()).Select(sample => (sample.Ref.Draw.Iteration, sample.Ref.ProblemId, sample.Ref.Index)).ToList();
        Assert.Equal(6000, found.Count);
        Assert.Equal(found.Order().Distinct(), found);
    }

    [Fact]
    public void Every_condition_leaves_out_what_does_not_meet_it()
    {
        Assert.Equal(3000, Count(new SampleFilter { Iteration = 1 }));
        Assert.Equal(3000, Count(new SampleFilter { Set = "a/b" }));
        Assert.Equal(0, Count(new SampleFilter { Set = "a/b", Iteration = 1 }));
        Assert.Equal(2000, Count(new SampleFilter { Problem = "p2" }));
        Assert.Equal(2000, Count(new SampleFilter { Verdict = Verdict.Unparsable }));
        Assert.Equal(3000, Count(new SampleFilter { Reason = "odd" }));
        Assert.Equal(2 * 111, Count(new SampleFilter { Text = new Regex("text 1..$|text 2[0-9]$|text 7$") }));
        Assert.Equal(2 * 2, Count(new SampleFilter { Text = new Regex("text 1.$"), Verdict = Verdict.Correct, Reason = "even" })); // 12 and 18
    }

    [Theory]
    [InlineData("1/e-step/p1#17", "1/e-step", "p1", 17)]
    [InlineData("2/evaluation/a/b/greedy/x/y#1#0", "2/evaluation/a/b/greedy", "x/y#1", 0)]
    [InlineData("1/e-step/p1", null, null, null)]
    [InlineData("1/e-step/#1", null, null, null)]
    [InlineData("3/e-step/p1#1", null, null, null)]
    [InlineData("1/e-step/p1#-1", null, null, null)]
    public void A_sample_has_a_name_that_is_read_again(string text, string? draw, string? problem, int? index)
    {
        SampleRef? found = SampleRef.Parse(text, _ledger.Listing.Draws().Select(listed => listed.Draw));
        Assert.Equal(draw is null ? null : text, found?.ToString());
        Assert.Equal(draw, found is { } one ? $"{one.Draw.Iteration}/{one.Draw.Name}" : null);
        Assert.Equal((problem, index), (found?.ProblemId, found?.Index));
    }

    [Fact]
    public void A_draw_knows_its_set()
    {
        DrawId[] draws = [DrawId.EStep(1), DrawId.TrainGap(1), DrawId.Validation(1, 12), DrawId.Sampled(0, "a/b"), Greedy];
        Assert.Equal(["train", "train", "validation", "a/b", "a/b"], draws.Select(draw => draw.Set));
    }

    private int Count(SampleFilter filter) => _ledger.Listing.Find(filter).Count();
}
