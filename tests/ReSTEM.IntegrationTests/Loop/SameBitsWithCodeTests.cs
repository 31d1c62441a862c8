namespace ReSTEM.IntegrationTests;

/// <summary>The determinism contract where verdicts come from the sandbox.</summary>
public sealed class SameBitsWithCodeTests
{
    [SandboxFact]
    public void Killed_while_it_samples_or_trains_and_with_one_thread_the_run_ends_with_the_same_bits()
    {
        string expected = End([], "--set", "engine.threads=2");
        Assert.Equal(expected, End([], "--set", "engine.threads=1", "--set", "engine.slots=7"));
        Assert.Equal(expected, End([("1/2 e-step", 200), ("1/2 m-step", 100), ("2/2 e-step", 100), ("2/2 evaluate", 50)]));
    }

    private static string End((string Line, int Milliseconds)[] kills, params string[] more)
    {
        using var restem = new Restem();
        foreach (var (line, milliseconds) in kills)
        {
            restem.KillAfter(line, TimeSpan.FromMilliseconds(milliseconds), SmallRun.WithCode.Arguments);
        }

        return SmallRun.WithCode.Finish(restem, [], more);
    }
}
