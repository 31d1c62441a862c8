namespace ReSTEM.IntegrationTests;

public sealed class CheckTests
{
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
            Assert.NotEqual(0, exitCode);
            Assert.Contains(message, errors, StringComparison.Ordinal);
        }
    }
}
