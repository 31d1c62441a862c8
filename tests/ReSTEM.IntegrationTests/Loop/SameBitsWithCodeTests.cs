namespace ReSTEM.IntegrationTests;

/// <summary>The determinism contract where verdicts come from the sandbox.</summary>
public sealed class SameBitsWithCodeTests
{
    [SandboxFact]
    public void Killed_while_it_samples_or_trains_and_with_one_thread_the_run_ends_with_the_same_bits()
    {
        string[] oneThread = ["--set", "engine.threads=1", "--set", "engine.slots=7"];
        using var restem = new Restem();
        restem.KillAfterEach([("1/2 e-step", 200), ("1/2 m-step", 100), ("2/2 e-step", 100), ("2/2 evaluate", 50)], [.. SmallRun.WithCode.Arguments, .. oneThread]);
        Assert.Equal(SmallRun.WithCode.Whole, SmallRun.WithCode.Finish(restem, [], oneThread));
    }
}
