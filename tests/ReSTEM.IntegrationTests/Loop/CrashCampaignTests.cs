using System.Diagnostics;
using System.Globalization;

namespace ReSTEM.IntegrationTests;

/// <summary>A few points of the crash campaign, of each kind; <c>docs/crash-safety.md</c> has what a thousand gave.</summary>
public sealed class CrashCampaignTests
{
    private const int Kinds = 6;
    private const int PointsOfEach = 2;

    /// <summary>All points, once: they share one undisturbed run to be compared with.</summary>
    private static readonly Lazy<string> Campaign = new(Run);

    [Theory]
    [InlineData("SIGKILL at random moments")]
    [InlineData("one flipped bit")]
    [InlineData("changed input")]
    public void It_ends_with_the_same_bits_or_a_clear_refusal(string name) => Hold(name);

    [CompilerTheory]
    [InlineData("SIGKILL at one call")]
    [InlineData("power cut at one call")]
    [InlineData("full or faulty disk at one call")]
    public void It_does_so_at_single_calls_too(string name) => Hold(name);

    private static void Hold(string name) => Assert.Contains($"| {name} | {PointsOfEach} | 0 |", Campaign.Value, StringComparison.Ordinal);

    private static string Run()
    {
        string program = Path.Combine(Restem.Root, "artifacts", "bin", "ReSTEM.CrashCampaign", "release", "ReSTEM.CrashCampaign.dll");
        string to = (Kinds * PointsOfEach).ToString(CultureInfo.InvariantCulture);
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [program, "0", to]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        return output;
    }

    /// <summary>What stands between the program and single calls is compiled by gcc.</summary>
    private sealed class CompilerTheoryAttribute : TheoryAttribute
    {
        public CompilerTheoryAttribute() => Skip = File.Exists("/usr/bin/gcc") ? null : "needs gcc, which is not installed";
    }
}
