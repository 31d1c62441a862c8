using ReSTEM.Core;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>A run that goes on with another engine: refused, unless it is allowed by name, and then remembered.</summary>
public sealed class EngineChangeTests : IDisposable
{
    private readonly FakeRun _run = FakeRun.Small();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Another_engine_is_refused_with_what_allows_it()
    {
        Open("fake").Dispose();
        var fault = Assert.Throws<InvalidDataException>(() => Open("other"));
        Assert.Equal(
            $"{_run.Folder} was computed by fake 1 float32, expected the same to go on, not other 1 float32: its numbers are others' in the last bits. " +
            "Take the former engine, or allow the change by name: --allow-engine other goes on with it, and writes that down.",
            fault.Message);
        Assert.Equal((0, "fake 1 float32"), _run.Read(ledger => (ledger.EngineChanges.Count, ledger.Engine)));
        Open("fake").Dispose(); // the refused attempt changed nothing
    }

    /// <summary>Training and evaluations by themselves have no way to be told: they are not sent to an option that they lack.</summary>
    [Fact]
    public void Work_that_cannot_allow_it_is_told_another_way_out()
    {
        RunFolder.Open(_run.Folder, Identity("fake"), "resolved\n").Dispose();
        string message = Assert.Throws<InvalidDataException>(() => RunFolder.Open(_run.Folder, Identity("other"), "resolved\n")).Message;
        Assert.EndsWith("Take the former engine, give the new work another name, or delete the folder.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void So_is_the_same_engine_with_other_bits()
    {
        Open("fake").Dispose();
        Assert.Contains("not fake 1 float32, 2 threads:", Assert.Throws<InvalidDataException>(() => Open("fake", shapes: "2 threads")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_allowed_is_written_down_and_is_the_runs_from_then_on()
    {
        Open("fake").Dispose();
        Open("other", allow: true).Dispose();
        Open("other").Dispose();
        Assert.Throws<InvalidDataException>(() => Open("fake"));
        Open("fake", allow: true).Dispose();
        Open("third", allow: true).Dispose();
        string[] expected = ["fake 1 float32 -> other 1 float32", "other 1 float32 -> fake 1 float32", "fake 1 float32 -> third 1 float32"];
        Assert.Equal(expected, _run.Read(ledger => ledger.EngineChanges));
        Assert.Equal("third 1 float32", _run.Read(ledger => ledger.Engine));
        _run.Read(ledger =>
        {
            ledger.Audit(); // what is written down is sealed as all else is
            return 0;
        });
        string people = File.ReadAllText(Path.Combine(_run.Folder, RunFolder.IdentityName));
        Assert.Contains("\"engine change 002\": \"other 1 float32 -> fake 1 float32\"", people, StringComparison.Ordinal);
    }

    [Fact]
    public void Allowing_does_not_allow_anything_else()
    {
        Open("fake").Dispose();
        var fault = Assert.Throws<InvalidDataException>(() => Open("other", allow: true, seed: "2"));
        Assert.Contains("  was: seed: 1\n", fault.Message, StringComparison.Ordinal);
        Assert.Equal((0, "fake 1 float32"), _run.Read(ledger => (ledger.EngineChanges.Count, ledger.Engine)));
    }

    [Fact]
    public void Allowing_what_is_the_runs_anyway_changes_nothing()
    {
        Open("fake", allow: true).Dispose();
        Open("fake", allow: true).Dispose();
        Assert.Empty(_run.Read(ledger => ledger.EngineChanges));
    }

    /// <summary>Half of a training by one engine and half by another would be of neither.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_was_drawn_stays_and_an_unfinished_training_begins_anew(int step)
    {
        Open("fake").Dispose();
        int left = step;
        _run.OnBoundary = text => LastBoundary = text;
        _run.OnStep = () => left = left == 1 && LastBoundary.StartsWith("start 2 m-step", StringComparison.Ordinal) ? throw new InvalidTimeZoneException("died")
            : LastBoundary.StartsWith("start 2 m-step", StringComparison.Ordinal) ? left - 1 : left;
        await Assert.ThrowsAsync<InvalidTimeZoneException>(_run.StartAsync);
        DrawId[] draws = [DrawId.Validation(0, 0), DrawId.Validation(1, 1), DrawId.EStep(1), DrawId.EStep(2)];
        long[] before = _run.Read(ledger => draws.Select(draw => ledger.Samples.Count(draw).Drawn).ToArray());
        Assert.All(before, count => Assert.InRange(count, 1, long.MaxValue));
        string state = _run.Read(ledger => ledger.Paths.Trainer(2)), policy = _run.Read(ledger => ledger.Paths.Policy(1));
        Assert.True(Directory.Exists(state));

        Open("other", allow: true).Dispose();
        Assert.Equal(before, _run.Read(ledger => draws.Select(draw => ledger.Samples.Count(draw).Drawn).ToArray()));
        Assert.Equal((true, 0), _run.Read(ledger => (ledger.Training.ReadSteps(1).Count > 0, ledger.Training.ReadSteps(2).Count)));
        Assert.All(Enumerable.Range(1, 3), epoch => Assert.Equal(0, _run.Read(ledger => ledger.Samples.Count(DrawId.Validation(2, epoch)).Drawn)));
        Assert.Equal((false, true), (Directory.Exists(state), Directory.Exists(policy)));

        _run.OnStep = () => { };
        await _run.StartAsync();
        using var whole = FakeRun.Small();
        await whole.StartAsync();
        Assert.Equal(whole.Digest(), _run.Digest()); // the fake engine computes the same under each name
    }

    [Fact]
    public async Task The_report_tells_of_it()
    {
        Open("fake").Dispose();
        await _run.StartAsync();
        Assert.DoesNotContain("more than one engine", Report(), StringComparison.Ordinal);
        Open("other", allow: true).Dispose();
        string report = Report();
        Assert.Contains("<dt>Engine changed on the way</dt><dd><code>fake 1 float32 -&gt; other 1 float32</code>", report, StringComparison.Ordinal);
        Assert.Contains("This run was computed by more than one engine: the same command does not give it again.", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_report_tells_of_an_engine_that_does_not_promise_the_same_bits(bool isDeterministic)
    {
        Open("fake").Dispose();
        _run.Read(ledger =>
        {
            ledger.Samples.Begin(DrawId.EStep(1), new PolicyFingerprint("sha", new EngineFingerprint("fake", "1", "float32", isDeterministic)));
            return 0;
        });
        Assert.Equal(isDeterministic, !Report().Contains("The engine of this run does not promise the same bits", StringComparison.Ordinal));
        Assert.Equal(isDeterministic, _run.Read(ledger => ledger.IsDeterministic));
    }

    /// <summary>What the loop said last.</summary>
    private string LastBoundary { get; set; } = "";

    private string Report() => _run.Read(ledger => HtmlReport.Write(ledger, SummaryReader.Read(ledger, _run.View), "name: fake\n"));

    private RunFolder Open(string engine, bool allow = false, string seed = "1", string shapes = "") =>
        RunFolder.Open(_run.Folder, Identity(engine, seed, shapes), "resolved\n", allow);

    private static RunIdentity Identity(string engine, string seed = "1", string shapes = "") => RunIdentity.Empty
        .With("seed", seed).With("engine.name", engine).With(new EngineFingerprint(engine, "1", "float32", Deterministic: true, Shapes: shapes));
}
