using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Json;

namespace ReSTEM.Benchmarks;

/// <summary>Measurements as Markdown for a reader and JSON for a program, with the machine they are from.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n" };

    internal static void Write(string folder, IReadOnlyList<Measurement> measurements)
    {
        Directory.CreateDirectory(folder);
        var machine = new
        {
            Cpu = Cpu(),
            Processors = Environment.ProcessorCount,
            RegisterBits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128,
            Runtime = RuntimeInformation.FrameworkDescription,
            System = RuntimeInformation.OSDescription,
            Commit = Commit(),
        };
        var text = new StringBuilder($"# Throughput\n\n{machine.Cpu}, {machine.Processors} processors, {machine.RegisterBits}-bit registers; ");
        text.Append($"{machine.Runtime}, {machine.System}; commit {machine.Commit}\n\n");
        text.Append("Shares of the peak are of the best run: by processor time with one thread, by the clock with more. Rates are by the clock.\n\n| | threads | | share of FMA peak | per CPU second |\n|---|--:|--:|--:|--:|\n");
        foreach (var row in measurements)
        {
            text.Append($"| {row.Area}, {row.What} | {row.Threads} | {row.Value:F0} {row.Unit} | {row.ShareOfPeak:P0} | {row.PerCpuSecond:F0} |\n");
        }

        File.WriteAllText(Path.Combine(folder, "throughput.md"), text.ToString());
        File.WriteAllText(
            Path.Combine(folder, "throughput.json"), JsonSerializer.Serialize(new { machine, measurements }, Readable) + "\n");
    }

    /// <summary>The machine and the program in one line.</summary>
    internal static string Machine() =>
        $"{Cpu()}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}; commit {Commit()}.";

    private static string Cpu() => !File.Exists("/proc/cpuinfo") ? RuntimeInformation.ProcessArchitecture.ToString()
        : File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?
            .Split(':', 2)[1].Trim() ?? "unknown processor";

    private static string Commit()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["rev-parse", "--short", "HEAD"]) { RedirectStandardOutput = true });
        return git?.StandardOutput.ReadToEnd().Trim() ?? "unknown";
    }
}
