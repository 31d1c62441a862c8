using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Benchmarks;

/// <summary>
/// The managed engine and a foreign program, by turns, each measurement in a process of its own. The program takes
/// <c>sample|train MODEL --dtype f32|bf16 --threads N ...</c> and writes one JSON line with <c>tok_s</c> per run.
/// </summary>
internal static class PeerBenchmark
{
    private const double QuietLoad = 1.5;

    private static readonly EngineDtype[] Dtypes = [EngineDtype.Float32, EngineDtype.Bfloat16];

    /// <summary>What the C library may do with freed memory; which is best depends on the work, so the peer gets each.</summary>
    private static readonly Dictionary<string, string>[] Allocators =
    [
        [],
        new() { ["MALLOC_MMAP_MAX_"] = "0", ["MALLOC_TRIM_THRESHOLD_"] = "100000000000", ["MALLOC_TOP_PAD_"] = "67108864" },
        new() { ["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1" },
    ];

    internal static void WriteReport(string script, string folder, string[] models)
    {
        var text = new StringBuilder(
            $"# Beside a foreign program\n\n{ResultFile.Machine()} Tokens a second, each the best of several runs in a process of its own; the two took turns; load is the machine's one-minute load "
            + $"before a row began (waited for under {QuietLoad.ToString(CultureInfo.InvariantCulture)}, ten minutes at most). The peer had the best of three settings of its C library's memory.\n\n"
            + "sample: 8 prompts of 128 tokens (quickstart: 20), 8 completions of 64 each, temperature 0.7, top-k 40, 64 at once. long: prompts of 4,096 and completions of 16. train: all weights, steps of 8 sequences of 256.\n\n"
            + "| work | model | threads | ours float32 | ours bfloat16 | peer float32 | peer bfloat16 | float32 : float32 | best : best | load |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        foreach (var (model, work, threads) in from model in models from work in Works(model) from threads in Threads(model) select (model, work, threads))
        {
            double load = WaitForQuiet();
            double[] ours = new double[2], peer = new double[2];
            for (int index = 0; index < Dtypes.Length; index++)
            {
                ours[index] = EngineBenchmark.Run(work, "managed", Dtypes[index], model, threads);
                peer[index] = AllocatorsFor(model).Max(allocator => Peer(script, work, model, Dtypes[index], threads, allocator));
            }

            string row = string.Create(
                CultureInfo.InvariantCulture,
                $"| {work} | {model} | {threads} | {ours[0]:F0} | {ours[1]:F0} | {peer[0]:F0} | {peer[1]:F0} | {ours[0] / peer[0]:F2} | {ours.Max() / peer.Max():F2} | {load:F1} |");
            Console.WriteLine(row);
            text.Append(row).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"\n    dotnet run --project benchmarks/ReSTEM.Benchmarks -c Release -- peer PROGRAM benchmarks/results {string.Join(' ', models)}\n");
        File.WriteAllText(Path.Combine(folder, "peer.md"), text.ToString());
    }

    /// <summary>Large models do not get the C library's default, which was never the fastest with them and doubles the time of a step.</summary>
    private static Dictionary<string, string>[] AllocatorsFor(string model) => model is "smol135" or "qwen05" ? Allocators[1..] : Allocators;

    private static string[] Works(string model) => model == "tiny" ? ["sample", "long", "train"] : ["sample", "train"];

    private static int[] Threads(string model) => model == "qwen05" ? [1] : [.. new[] { 1, Environment.ProcessorCount }.Distinct()];

    /// <summary>The best rate of the peer's runs after its warm-up, tokens a second.</summary>
    private static double Peer(string script, string work, string model, EngineDtype dtype, int threads, Dictionary<string, string> allocator)
    {
        string[] shape = work switch
        {
            "train" => ["train", model, "--batch", "8", "--micro", "4", "--seq", "256", "--steps", model == "smol135" ? "2" : "3"],
            "long" => ["sample", model, "--prompts", "8", "--samples", "8", "--prompt", "4096", "--gen", "16", "--repeat", "2"],
            _ => ["sample", model, "--prompts", "8", "--samples", "8", "--prompt", model == "quickstart" ? "20" : "128", "--gen", "64", "--repeat", "2"],
        };
        var start = new ProcessStartInfo(
            script, [.. shape, "--dtype", dtype == EngineDtype.Float32 ? "f32" : "bf16", "--threads", threads.ToString(CultureInfo.InvariantCulture)])
        { RedirectStandardOutput = true };
        foreach (var (name, value) in allocator)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return process.ExitCode == 0 && lines.Length > 0
            ? lines.Max(static line => JsonDocument.Parse(line).RootElement.GetProperty("tok_s").GetDouble())
            : throw new InvalidOperationException($"The peer's {work} of {model} ended with {process.ExitCode}.");
    }

    private static double WaitForQuiet()
    {
        for (int tries = 0; Load() >= QuietLoad && tries < 60; tries++)
        {
            Thread.Sleep(10_000);
        }

        return Load();
    }

    private static double Load() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
}
