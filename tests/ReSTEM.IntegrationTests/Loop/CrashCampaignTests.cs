using System.Diagnostics;
using System.Globalization;

namespace ReSTEM.IntegrationTests;

/// <summary>A few points of the crash campaign, of each kind; <c>docs/crash-safety.md</c> has what a thousand gave.</summary>
public sealed class CrashCampaignTests
{
    private const int Kinds = 6;
    private const int PointsOfEach = 3;

    [Theory]
    [InlineData(0, "SIGKILL at random moments")]
    [InlineData(4, "one flipped bit")]
    [InlineData(5, "changed input")]
    public void It_ends_with_the_same_bits_or_a_clear_refusal(int kind, string name) => Hold(kind, name);

    [CompilerTheory]
    [InlineData(1, "SIGKILL at one call")]
    [InlineData(2, "power cut at one call")]
    [InlineData(3, "full or faulty disk at one call")]
    public void It_does_so_at_single_calls_too(int kind, string name) => Hold(kind, name);

    private static void Hold(int kind, string name)
    {
        string program = Path.Combine(Restem.Root, "artifacts", "bin", "ReSTEM.CrashCampaign", "release", "ReSTEM.CrashCampaign.dll");
        string[] arguments = [program, .. new[] { kind, kind + (Kinds * PointsOfEach), Kinds }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
        using Process process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        Assert.Contains($"| {name} | {PointsOfEach} | 0 |", output, StringComparison.Ordinal);
    }

    /// <summary>What stands between the program and single calls is compiled by gcc.</summary>
    private sealed class CompilerTheoryAttribute : TheoryAttribute
    {
        public CompilerTheoryAttribute() => Skip = File.Exists("/usr/bin/gcc") ? null : "needs gcc, which is not installed";
    }
}
