namespace ReSTEM.IntegrationTests;

/// <summary>Options of <c>restem eval</c> that would do nothing.</summary>
public sealed class EvalTests
{
    [Theory]
    [InlineData("--samples has no effect beside CONFIG", "CONFIG", "--samples", "4")]
    [InlineData("--cpu-seconds has no effect beside CONFIG", "CONFIG", "--cpu-seconds", "4")]
    [InlineData("--set has no effect without CONFIG", "--model", "x", "--problems", "y", "--set", "seed=2")]
    public void An_option_without_effect_is_refused(string message, params string[] arguments)
    {
        using var restem = new Restem();
        string config = Path.Combine(Restem.Root, "configs", "quickstart-math.yaml");
        var (exitCode, _, errors) = restem.Run(["eval", .. arguments.Select(argument => argument == "CONFIG" ? config : argument)]);
        Assert.Equal(2, exitCode);
        Assert.StartsWith("error: " + message, errors, StringComparison.Ordinal);
    }
}
