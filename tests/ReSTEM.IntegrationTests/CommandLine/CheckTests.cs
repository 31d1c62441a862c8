namespace ReSTEM.IntegrationTests;

public sealed class CheckTests
{
    public static TheoryData<string> Configs => [.. Directory.EnumerateFiles(Path.Combine(Restem.Root, "configs"), "*.yaml").Select(path => Path.GetFileName(path))];

    [SandboxTheory]
    [MemberData(nameof(Configs))]
    public void Every_shipped_configuration_passes(string name)
    {
        using var restem = new Restem();
        var (exitCode, output, errors) = restem.Run("check", Path.Combine(Restem.Root, "configs", name));
        Assert.True(exitCode == 0, errors);
        Assert.EndsWith("all checks passed\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_fit_is_refused_with_what_would_help()
    {
        using var restem = new Restem();
        string config = Path.Combine(Restem.Root, "configs", "quickstart-math.yaml");
        var (exitCode, _, errors) = restem.Run([("DOTNET_GCHeapHardLimit", "0xC000000")], "check", config, "--set", "engine.threads=1"); // 192 MiB
        Assert.Equal(1, exitCode);
        Assert.Matches(@"error: memory: about sampling \d+ MiB, training \d+ MiB needed, 192 MiB available; train an adapter", errors);

        (exitCode, string output, errors) = restem.Run("check", config);
        Assert.True(exitCode == 0, errors);
        Assert.Contains("all checks passed", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m_step.adapter.target_modules=[query]", "target module query matches no projection, expected q_proj, k_proj")]
    [InlineData("m_step.adapter.target_modules=[]", "target_modules is empty, expected names of projections or all-linear")]
    [InlineData("m_step.adapter.rank=0", "m_step.adapter.rank is 0, expected 1 to 4096.")]
    public void Adapters_that_cannot_be_trained_are_refused(string setting, string message)
    {
        using var restem = new Restem();
        foreach (string verb in new[] { "check", "run" })
        {
            var (exitCode, _, errors) = restem.Run(verb, Path.Combine(Restem.Root, "configs", "quickstart-math.yaml"), "--set", setting);
            Assert.Equal(2, exitCode);
            Assert.Contains(message, errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("e_step.policy=nowhere", "e_step.policy 'nowhere' cannot be used: ")]
    [InlineData("base=nowhere", "base 'nowhere' cannot be used: ")]
    [InlineData("e_step.sampling.max_tokens=100000", "e_step.sampling.max_tokens is 100000, expected at most ")]
    [InlineData("name=''", "name is empty, expected a text.")]
    [InlineData("evaluations.test.measure.k=[1,1,8]", "holds 1 more than once")]
    [InlineData("problems.train.generate.kinds=[]", "problems.train.generate.kinds is empty")]
    [InlineData("problems.train={files: [nowhere.jsonl]}", "nowhere.jsonl does not exist, expected a file of problems.")]
    [InlineData("problems.train={files: [.]}", "is a folder")]
    public void The_same_fault_is_the_same_for_check_and_run(string setting, string message)
    {
        using var restem = new Restem();
        foreach (string verb in new[] { "check", "run" })
        {
            var (exitCode, _, errors) = restem.Run(verb, Path.Combine(Restem.Root, "configs", "quickstart-math.yaml"), "--set", setting);
            Assert.Equal(2, exitCode);
            Assert.Contains(message, errors, StringComparison.Ordinal);
            Assert.DoesNotContain("Parameter", errors, StringComparison.Ordinal);
            Assert.False(Directory.Exists(restem.PathOf("runs")));
        }
    }

    [Fact]
    public void A_training_configuration_is_checked_as_one()
    {
        using var restem = new Restem();
        var (exitCode, output, errors) = restem.Run("check", Path.Combine(Restem.Root, "configs", "quickstart-base.yaml"));
        Assert.True(exitCode == 0, errors);
        Assert.Contains("training 'quickstart-base'", output, StringComparison.Ordinal);
        Assert.Contains("all checks passed", output, StringComparison.Ordinal);
        (exitCode, _, errors) = restem.Run("run", Path.Combine(Restem.Root, "configs", "quickstart-base.yaml"));
        Assert.Equal(2, exitCode);
        Assert.Contains("is one of restem train", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_check_says_how_far_it_is_and_ends_when_asked()
    {
        using var restem = new Restem();
        string config = Path.Combine(Restem.Root, "configs", "quickstart-math.yaml");
        using var process = restem.Start([], "check", config, "--set", "problems.train.generate={kinds: [code], split: train, count: 10000000}");
        var output = process.StandardOutput.ReadToEndAsync();
        string? line = await process.StandardError.ReadLineAsync();
        Assert.Matches(@"^train: problems made: [\d,]+ of 10,000,000$", line);
        using var kill = System.Diagnostics.Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("interrupted", errors, StringComparison.Ordinal);
        Assert.Equal("", await output);
    }
}
