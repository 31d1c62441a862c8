using ReSTEM.Core;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>Several verifiers of one completion, in the loop.</summary>
public sealed class PanelTests
{
    private static readonly Problem Any = FakeProblem.Make("train", 1, 0)[0];

    [Fact]
    public async Task The_run_s_own_verifier_decides_and_the_evidence_says_who_agrees()
    {
        var panel = new PanelVerifier(new FakeVerifier(), [new Picky(), new FakeVerifier { Version = "fake 2" }]);
        Finding own = await new FakeVerifier().VerifyAsync(Any, "#### " + Any.Reference, CancellationToken.None);
        Finding finding = await panel.VerifyAsync(Any, "#### " + Any.Reference, CancellationToken.None);
        Assert.Equal((own.Verdict, own.Reason, own.Answer), (finding.Verdict, finding.Reason, finding.Answer));
        Assert.Equal(["correct", "not", "correct"], PanelVerifier.RatingsOf(finding));
        Assert.Null(PanelVerifier.RatingsOf(own));
        Assert.Equal("fake 1 beside picky beside fake 2", panel.VersionOf(TaskKind.Math));
    }

    [Fact]
    public async Task A_verifier_that_fails_does_not_disagree()
    {
        var panel = new PanelVerifier(new FakeVerifier(), [new FakeVerifier(_ => true)]);
        Finding finding = await panel.VerifyAsync(Any, "#### 1", CancellationToken.None);
        Assert.Equal((Verdict.VerifierFailed, "worker-lost"), (finding.Verdict, finding.Reason));
    }

    [Fact]
    public async Task The_ledger_has_alpha_and_disputed_samples_and_all_are_kept_without_a_threshold()
    {
        using FakeRun run = FakeRun.Small();
        await run.StartAsync();
        var kept = run.Read(ledger => ledger.Kept.Read(1).Select(sample => sample.Sample.Completion.Text).ToArray());
        using FakeRun judged = FakeRun.Small();
        judged.Verifier = new PanelVerifier(new FakeVerifier(), [new Picky()]);
        await judged.StartAsync();
        Assert.Equal(kept, judged.Read(ledger => ledger.Kept.Read(1).Select(sample => sample.Sample.Completion.Text).ToArray()));
        string[][] ratings = [.. judged.Samples(DrawId.EStep(1)).Select(sample => PanelVerifier.RatingsOf(sample.Finding)!.ToArray())];
        var measures = judged.Read(ledger => ledger.Measures.Read(1));
        Assert.Equal(KrippendorffAlpha.Nominal(ratings)!.Value, measures[Measure.PanelAlpha].Value, precision: 12);
        Assert.Equal(ratings.Count(pair => pair[0] != pair[1]), measures[Measure.PanelDisputed].Value);
        Assert.InRange(measures[Measure.PanelDisputed].Value, 1, ratings.Length - 1);
        Assert.Equal(ratings.Average(RaterAgreement.Of), measures[Measure.PanelAgreement].Value, precision: 12);
        Assert.Equal(0, measures[Measure.PanelWithheld].Value);
    }

    [Fact]
    public async Task With_a_threshold_the_M_step_sees_only_what_all_agree_on_and_the_report_shows_it()
    {
        using FakeRun run = FakeRun.Small();
        run.Verifier = new PanelVerifier(new FakeVerifier(), [new Picky()]);
        run.Options = run.Options with { EStep = run.Options.EStep with { Agreement = 1 } };
        await run.StartAsync();
        Assert.All(
            Enumerable.Range(1, 2).SelectMany(iteration => run.Read(ledger => ledger.Kept.Read(iteration).ToArray())),
            kept => Assert.Equal(["correct", "correct"], PanelVerifier.RatingsOf(kept.Sample.Finding)));
        var measures = run.Read(ledger => ledger.Measures.Read(1));
        Assert.Equal(measures[Measure.PanelDisputed], measures[Measure.PanelWithheld]);
        string report = run.Read(ledger => HtmlReport.Text(run.Folder, ledger, SummaryReader.Read(ledger, run.View)));
        Assert.Contains("How far the verifiers agree", report, StringComparison.Ordinal);
        Assert.Contains("correct, not", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_threshold_that_nothing_passes_says_so()
    {
        using FakeRun run = FakeRun.Small();
        run.Verifier = new PanelVerifier(new FakeVerifier(), [new Contrary()]);
        run.Options = run.Options with { EStep = run.Options.EStep with { Agreement = 0.75 } };
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(run.StartAsync);
        Assert.Contains("were withheld because the verifiers do not agree on them: lower e_step.agreement (now 0.75)", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("e_step: {agreement: 1}", "e_step.agreement is 1 without verifier.annotators, expected both")]
    [InlineData("verifier: {annotators: [{}]}", "verifier.annotators.0 changes nothing, expected last_number, repairs or a judge.")]
    [InlineData("e_step: {agreement: 0.3}\nverifier: {annotators: [{last_number: true}]}", "e_step.agreement is 0.3, expected 0.5 to 1.")]
    public void What_cannot_be_asked_is_refused(string text, string fault)
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch.File("run.yaml"), "name: run\nbase: model\nproblems: {train: {generate: {kinds: [word], split: train, count: 3}}}\n" + text);
        var found = Assert.Throws<ConfigException>(() => RunPlan.Read(scratch.File("run.yaml"), []));
        Assert.Contains(fault, found.Message, StringComparison.Ordinal);
    }

    /// <summary>Takes right completions only where the first number is even.</summary>
    private sealed class Picky : IVerifier
    {
        private readonly FakeVerifier _inner = new() { Version = "picky" };

        public string VersionOf(TaskKind task) => _inner.VersionOf(task);

        public async ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken)
        {
            Finding finding = await _inner.VerifyAsync(problem, completion, cancellationToken);
            bool isEven = (completion.FirstOrDefault(char.IsAsciiDigit) - '0') % 2 == 0 && char.IsAsciiDigit(completion[0]);
            return finding.Verdict is Verdict.Correct && !isEven ? finding with { Verdict = Verdict.Incorrect } : finding;
        }

        public bool SameAnswer(Problem problem, string answer, string other) => answer == other;
    }

    /// <summary>Says the contrary of what is right.</summary>
    private sealed class Contrary : IVerifier
    {
        private readonly FakeVerifier _inner = new();

        public string VersionOf(TaskKind task) => "contrary";

        public async ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken)
        {
            Finding finding = await _inner.VerifyAsync(problem, completion, cancellationToken);
            return finding with { Verdict = finding.Verdict is Verdict.Correct ? Verdict.Incorrect : Verdict.Correct };
        }

        public bool SameAnswer(Problem problem, string answer, string other) => answer == other;
    }
}
