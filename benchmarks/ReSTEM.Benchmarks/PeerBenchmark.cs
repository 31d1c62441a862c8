using System.Globalization;
using System.Text;
using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Numerics;

namespace ReSTEM.Benchmarks;

/// <summary>
/// The managed engine and a foreign program, by turns, in processes of a few runs each. The program takes
/// <c>sample|train MODEL --dtype f32|bf16 --threads N ...</c> and writes one JSON line with <c>tok_s</c> per run.
/// </summary>
internal static class PeerBenchmark
{
    private const double QuietLoad = 1.5;
    private const int Rounds = 2;
    private const int RunsEach = 3;

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
        if (models.FirstOrDefault(static name => !Rows(name).Any()) is { } unknown)
        {
            throw new ArgumentException($"{unknown} names no row, expected a model, or such as smol135/train or smol135/train/2 with one of its works and of the threads 1 and {Environment.ProcessorCount}.");
        }

        var text = new StringBuilder(
            $"# Beside a foreign program\n\n{ResultFile.Machine()} Tokens a second, medians of {Rounds * RunsEach} runs after a first one, of {Rounds} processes that took turns with the other program's; MiB: the peak of their memory; "
            + $"load: the machine's one-minute load before a row began (waited for under {QuietLoad.ToString(CultureInfo.InvariantCulture)}, ten minutes at most). The peer had the best of three settings of its C library's memory. "
            + $"Multiply-adds of float32 in registers reach {FmaPeak.Measure(WorkerPool.Inline):F0} GFLOP/s with one thread.\n\n"
            + "sample: 8 prompts of 128 tokens (quickstart: 20), 8 completions of 64 each (qwen05: 32), temperature 0.7, top-k 40, 64 at once. long: prompts of 4,096 and completions of 16. train: all weights, steps of 8 sequences of 256.\n\n"
            + "| work | model | threads | ours float32 | MiB | ours bfloat16 | MiB | peer float32 | MiB | peer bfloat16 | MiB | float32 : float32 | best : best | ours int8 | MiB | int8 : best | load |\n|---|---|" + string.Concat(Enumerable.Repeat("--:|", 15)) + "\n");
        string repeat = $"\n    dotnet run --project benchmarks/ReSTEM.Benchmarks -c Release -- peer PROGRAM benchmarks/results {string.Join(' ', models)}\n";
        foreach (var (model, work, threads) in models.SelectMany(Rows))
        {
            double load = WaitForQuiet();
            EngineRates[] ours = new EngineRates[Dtypes.Length], peer = new EngineRates[Dtypes.Length];
            for (int index = 0; index < Dtypes.Length; index++)
            {
                (ours[index], peer[index]) = Run(new PeerWork(script, work, model, Dtypes[index], threads));
            }

            string whole = "| |";
            if (work != "train") // which is never in int8, and the peer has none
            {
                EngineRates bytes = Ours(new PeerWork(script, work, model, EngineDtype.Int8, threads), Rounds);
                whole = string.Create(CultureInfo.InvariantCulture, $"{bytes.Median:F0} | {bytes.PeakMebibytes:F0} | {bytes.Median / peer.Max(Median):F2}");
            }

            string row = string.Create(
                CultureInfo.InvariantCulture,
                $"| {work} | {model} | {threads} | {Cells(ours)} | {Cells(peer)} | {ours[0].Median / peer[0].Median:F2} | {ours.Max(Median) / peer.Max(Median):F2} | {whole} | {load:F1} |");
            Console.WriteLine(row);
            text.Append(row).Append('\n');
            File.WriteAllText(Path.Combine(folder, "peer.md"), $"{text}{repeat}"); // what is done is kept if the rest is not waited for
        }

        static string Cells(EngineRates[] rates) => string.Join(" | ", rates.Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Median:F0} | {one.PeakMebibytes:F0}")));
        static double Median(EngineRates rates) => rates.Median;
    }

    /// <summary>Both by turns, after one run of the peer with each of its settings: the best goes on.</summary>
    private static (EngineRates Ours, EngineRates Peer) Run(PeerWork work)
    {
        var allocator = AllocatorsFor(work.Model).ToArray().MaxBy(allocator => Peer(work, allocator, runs: 1).Median)!;
        EngineRates ours = Ours(work, 1), peer = Peer(work, allocator, RunsEach);
        for (int round = 1; round < Rounds; round++)
        {
            (ours, peer) = (ours.And(Ours(work, 1)), peer.And(Peer(work, allocator, RunsEach)));
        }

        return (ours, peer);
    }

    private static EngineRates Ours(PeerWork work, int processes) => Enumerable.Range(0, processes)
        .Select(_ => EngineBenchmark.Run(work.Name, "managed", work.Dtype, work.Model, work.Threads)).Aggregate(static (before, rates) => before.And(rates));

    /// <summary>Large models do not get the C library's default, which was never the fastest with them and doubles the time of a step.</summary>
    private static Dictionary<string, string>[] AllocatorsFor(string model) => model is "smol135" or "qwen05" ? Allocators[1..] : Allocators;

    /// <summary>All rows of a model, or those of one kind of work and one count of threads: smol135/train/2.</summary>
    private static IEnumerable<(string Model, string Work, int Threads)> Rows(string name)
    {
        string[] parts = name.Split('/');
        return from work in Works(parts[0])
               from threads in Threads(parts[0])
               where (parts.Length < 2 || parts[1] == work) && (parts.Length < 3 || parts[2] == $"{threads}")
               select (parts[0], work, threads);
    }

    private static string[] Works(string model) => model switch
    {
        "tiny" => ["sample", "long", "train"],
        "qwen05" => ["sample"],
        _ => ["sample", "train"],
    };

    private static int[] Threads(string model) => model == "qwen05" ? [1] : [.. new[] { 1, Environment.ProcessorCount }.Distinct()];

    /// <summary>The peer's runs after its warm-up.</summary>
    private static EngineRates Peer(PeerWork work, Dictionary<string, string> allocator, int runs)
    {
        var (prompt, completion) = EngineBenchmark.LengthsOf(work.Name, work.Model);
        string[] shape = work.Name == "train"
            ? ["train", work.Model, "--batch", "8", "--micro", "4", "--seq", "256", "--steps", $"{runs}"]
            : ["sample", work.Model, "--prompts", "8", "--samples", "8", "--prompt", $"{prompt}", "--gen", $"{completion}", "--repeat", $"{runs}"];
        var ended = Subprocess.Run(
            work.Script, [.. shape, "--dtype", work.Dtype == EngineDtype.Float32 ? "f32" : "bf16", "--threads", work.Threads.ToString(CultureInfo.InvariantCulture)], allocator);
        return new EngineRates([.. ended.Lines.Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("tok_s").GetDouble())], ended.PeakMebibytes);
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

    private sealed record PeerWork(string Script, string Name, string Model, EngineDtype Dtype, int Threads);
}
