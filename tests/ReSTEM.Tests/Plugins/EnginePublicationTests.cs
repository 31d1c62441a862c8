using ReSTEM.Core;
using ReSTEM.Plugins;

namespace ReSTEM.Tests;

/// <summary>Building engines with the SDK: what of its many words is told.</summary>
public sealed class EnginePublicationTests
{
    [Theory]
    [InlineData(
        "  Determining projects to restore...\n/a b/engines/torch.csproj : error NU1101: Unable to find package libtorch-cuda-12.8-linux-x64. No packages exist with this id in source(s): nuget.org [/a b/ReSTEM.sln]\n  Failed to restore",
        "NU1101: Unable to find package libtorch-cuda-12.8-linux-x64. No packages exist with this id in source(s): nuget.org [/a b/ReSTEM.sln]")]
    [InlineData("/a/Code.cs(3,5): error CS1002: ; expected [/a/src/Fake/Fake.csproj]\n/a/Code.cs(9,5): error CS1003: more [/a/src/Fake/Fake.csproj]", "CS1002: ; expected")]
    [InlineData("/a/Code.cs(3,5): error CS1002: ; expected [/a/src/Fake/Fake.csproj::TargetFramework=net10.0]", "CS1002: ; expected")]
    [InlineData("MSBUILD : error MSB1009: Project file does not exist.\nSwitch: engines/torch.csproj\n", "MSB1009: Project file does not exist.")]
    [InlineData("error: something\n", "something")]
    [InlineData("no mark of it\nthe last line\n\n", "the last line")]
    [InlineData("", "dotnet publish said nothing.")]
    public void The_first_error_is_told_without_its_place_and_project(string said, string expected) => Assert.Equal(expected, EnginePublication.FirstError(said));

    [Fact]
    public async Task A_project_that_is_missing_is_told_in_one_line_and_the_whole_output_is_kept()
    {
        using var scratch = new ScratchFolder();
        string log = scratch.File("log");
        var fault = await Assert.ThrowsAsync<EngineException>(() => EnginePublication.RunAsync(
            new Checkout(scratch.Path), FakeCheckout.Kind, scratch.File("out"), log, CancellationToken.None));
        Assert.StartsWith("fake-cpu cannot be built: MSB1009: ", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith($"(dotnet's whole output is in {log})", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        Assert.Contains("MSB1009", await File.ReadAllTextAsync(log), StringComparison.Ordinal);
    }
}
