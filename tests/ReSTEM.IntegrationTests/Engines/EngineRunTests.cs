namespace ReSTEM.IntegrationTests;

/// <summary>Runs on another engine than the built-in one: what they promise, and going on with another.</summary>
public sealed class EngineRunTests : IDisposable
{
    private const string NoPromise = "torch-cpu (stub 1) does not promise the same bits again: the same command may draw other samples, and end with another digest.";

    private const string NoPromiseOfReport = "The engine of this run does not promise the same bits";

    private readonly Restem _restem = new();
    private readonly StubCheckout _checkout = new();

    public void Dispose()
    {
        _restem.Dispose();
        _checkout.Dispose();
    }

    [Fact]
    public void An_engine_that_cannot_promise_equal_bits_says_so_wherever_it_is_used()
    {
        _checkout.Install("torch-cpu", isDeterministic: false);
        string[] settings = [.. SmallRun.Smallest.Arguments, "--set", "engine.name=torch-cpu"];
        Assert.Contains($"note        {NoPromise}\n", Check(settings), StringComparison.Ordinal);
        Assert.Contains($"note: {NoPromise}\n", Finish(settings).Errors, StringComparison.Ordinal);
        string again = Finish(settings).Errors;
        Assert.Contains($"note: {NoPromise}\n", again, StringComparison.Ordinal);
        Assert.Contains("is complete; nothing to do.", again, StringComparison.Ordinal);
        Assert.Contains(NoPromiseOfReport, Report, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_goes_on_with_another_engine_only_if_that_is_allowed_by_name()
    {
        string[] arguments = SmallRun.Smallest.Arguments, onStub = [.. arguments, "--set", "engine.name=torch-cpu"];
        _restem.KillAfter("2/2 e-step", TimeSpan.FromMilliseconds(100), arguments);
        _checkout.Install("torch-cpu");
        var (exitCode, _, errors) = _restem.Run(_checkout.Environment, onStub);
        Assert.Equal(1, exitCode);
        Assert.Contains("was computed by managed 1 float32, expected the same to go on, not torch-cpu stub 1 float32: ", errors, StringComparison.Ordinal);
        Assert.Contains("--allow-engine torch-cpu goes on with it, and writes that down.", errors, StringComparison.Ordinal);

        (exitCode, _, errors) = _restem.Run(_checkout.Environment, [.. onStub, "--allow-engine", "onnx-cpu"]);
        Assert.Equal(2, exitCode);
        Assert.Contains("--allow-engine is 'onnx-cpu', expected torch-cpu, which the configuration asks for (--set engine.name=onnx-cpu asks for another).", errors, StringComparison.Ordinal);

        // Too little memory on the way is refused too, and loses nothing.
        _checkout.Install("torch-cpu", [StubCheckout.Card(8, 8)]);
        (exitCode, _, errors) = _restem.Run(_checkout.Environment, [.. onStub, "--set", "engine.device=cuda:0", "--allow-engine", "torch-cpu"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("memory of cuda:0: about sampling ", errors, StringComparison.Ordinal);

        // What promises equal bits has no such note.
        Assert.DoesNotContain("does not promise", Check(onStub), StringComparison.Ordinal);
        const string Changed = "engine changed: managed 1 float32 -> torch-cpu stub 1 float32\n";
        errors = Finish([.. onStub, "--allow-engine", "torch-cpu"]).Errors;
        Assert.Contains(Changed, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("does not promise", errors, StringComparison.Ordinal);
        errors = Finish(onStub).Errors; // from now on it is the run's
        Assert.Contains(Changed, errors, StringComparison.Ordinal);
        Assert.Contains("is complete; nothing to do.", errors, StringComparison.Ordinal);
        Assert.Contains("<dt>Engine changed on the way</dt><dd><code>managed 1 float32 -&gt; torch-cpu stub 1 float32</code>", Report, StringComparison.Ordinal);
        Assert.DoesNotContain(NoPromiseOfReport, Report, StringComparison.Ordinal);
        Assert.Equal(1, _restem.Run(arguments).ExitCode); // the former one is another one now
    }

    private string Report => File.ReadAllText(_restem.PathOf("runs", "quickstart-math", "report.html"));

    private string Check(string[] run) => Finish(["check", .. run.Skip(1).Where(argument => argument != "--json")]).Output;

    private (string Output, string Errors) Finish(string[] arguments)
    {
        var (exitCode, output, errors) = _restem.Run(_checkout.Environment, arguments);
        Assert.True(exitCode == 0, errors);
        return (output, errors);
    }
}
