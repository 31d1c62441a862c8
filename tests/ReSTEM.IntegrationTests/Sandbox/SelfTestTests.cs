using ReSTEM.Sandbox;

namespace ReSTEM.IntegrationTests;

public sealed class SelfTestTests
{
    [SandboxFact]
    public async Task Every_layer_holds() =>
        Assert.All(await SandboxSelfTest.RunAsync(new SandboxOptions(), CancellationToken.None), finding => Assert.True(finding.Holds, finding.Detail));

    [SandboxFact]
    public async Task A_missing_bubblewrap_is_refused_with_the_remedy()
    {
        var options = new SandboxOptions { BubblewrapPath = "/nowhere/bwrap" };
        var refusal = await Assert.ThrowsAsync<SandboxException>(() => CodeVerifier.StartAsync(options, CancellationToken.None));
        Assert.Contains("/nowhere/bwrap", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install bubblewrap", refusal.Message, StringComparison.Ordinal);
    }

    [SandboxTheory]
    [InlineData(SandboxLayers.Namespaces)]
    [InlineData(SandboxLayers.Seccomp)]
    public async Task A_layer_given_up_by_name_is_found_missing_and_let_through(SandboxLayers layer)
    {
        var options = new SandboxOptions { GivenUp = layer };
        var findings = await SandboxSelfTest.RunAsync(options, CancellationToken.None);
        Assert.Contains(findings, finding => finding is { Holds: false, GivenUp: true } && finding.Layer == layer);
        SandboxSelfTest.ThrowIfMissing(findings);
    }

    // The filter refuses even to ask for the capabilities, so that only without it their absence can be seen.
    [SandboxFact]
    public async Task Capabilities_are_gone_also_without_the_filter()
    {
        var findings = await SandboxSelfTest.RunAsync(new SandboxOptions { GivenUp = SandboxLayers.Seccomp }, CancellationToken.None);
        var capabilities = Assert.Single(findings, finding => finding.Name == "no capabilities");
        Assert.Equal((true, "[0, 0, 0, 0, 0, 0]"), (capabilities.Holds, capabilities.Detail));
    }
}
