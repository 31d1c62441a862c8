namespace ReSTEM.IntegrationTests;

/// <summary>SFTMix from the command line: the loop and a training by itself, killed where the confidence is asked for and where it trains.</summary>
public sealed class MixupRunTests
{
    private const string Train = """
        name: {name}
        base: {base}
        prompt: {template: "{prompt}\n"}
        stages:
          - problems: {generate: {kinds: [arithmetic], split: train, count: 65, seed: 2}}
            epochs: 3
            shuffle: true
            optimizer: {batch_sequences: 16, warm_up_steps: 2, commit_seconds: 0}
            objective: {sftmix: {sftmix}}

        """;

    private const string Mixup = "{mu: 0.2, checkpoints: 2}";

    [Theory]
    [InlineData("reference", "1/2 confidence", 300, "2/2 m-step", 200)]
    [InlineData("iterations", "2/2 confidence", 0, "2/2 m-step", 100)]
    public void A_killed_run_goes_on_to_the_same_end(string confidence, string line, int milliseconds, string then, int thenMilliseconds)
    {
        string[] settings = ["--set", $"m_step.objective.sftmix.confidence={confidence}", "--set", "m_step.optimizer.commit_seconds=0"];
        using var whole = new Restem();
        string expected = SmallRun.Smallest.Finish(whole, [], ["--set", "engine.threads=2", .. settings]);
        Assert.NotEqual(expected, SmallRun.Smallest.Whole);
        using var killed = new Restem();
        killed.KillAfterEach([(line, milliseconds), (then, thenMilliseconds)], [.. SmallRun.Smallest.Arguments, .. settings]);
        Assert.Equal(expected, SmallRun.Smallest.Finish(killed, [], ["--set", "engine.threads=1", "--set", "engine.slots=7", .. settings]));
        Assert.Empty(Directory.EnumerateDirectories(killed.PathOf("runs"), "reference", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_killed_training_goes_on_to_the_same_end()
    {
        using var whole = new Restem();
        string expected = Finish(whole, "mixed", Mixup);
        using var killed = new Restem();
        Write(killed, "mixed", Mixup);
        killed.KillAfterEach([("1/1 confidence", 200), ("1/1 train", 200)], "train", "train.yaml");
        Assert.Equal(expected, Finish(killed, "mixed", Mixup, "--set", "engine.threads=1"));
        Assert.NotEqual(expected, Finish(whole, "plain", "{mu: 0}"));
    }

    [Fact]
    public void A_training_by_itself_has_no_earlier_iterations()
    {
        using var restem = new Restem();
        Write(restem, "mixed", "{confidence: iterations}");
        var (exitCode, _, errors) = restem.Run("train", "train.yaml");
        Assert.Equal(2, exitCode);
        Assert.Contains("stages.0.objective.sftmix.confidence is iterations, expected reference: a training by itself has no iterations.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_tells_of_the_reference_run()
    {
        using var restem = new Restem();
        var (exitCode, output, errors) = restem.Run("check", Path.Combine(Restem.Root, "configs", "objectives", "sftmix.yaml"));
        Assert.True(exitCode == 0, errors);
        Assert.Contains("sftmix; before it a reference run of 3 epochs", output, StringComparison.Ordinal);
    }

    /// <summary>The SHA-256 that the verb prints.</summary>
    private static string Finish(Restem restem, string name, string sftmix, params string[] more)
    {
        Write(restem, name, sftmix);
        return Result(restem.Run(["train", "train.yaml", .. more]));
    }

    private static string Result((int ExitCode, string Output, string Errors) run)
    {
        Assert.True(run.ExitCode == 0, run.Errors);
        return run.Output.Split("weights SHA-256: ")[1].Trim();
    }

    private static void Write(Restem restem, string name, string sftmix) => File.WriteAllText(restem.PathOf("train.yaml"), Train
        .Replace("{name}", name, StringComparison.Ordinal)
        .Replace("{sftmix}", sftmix, StringComparison.Ordinal)
        .Replace("{base}", Path.Combine(Restem.Root, "configs", "quickstart", "base"), StringComparison.Ordinal));
}
