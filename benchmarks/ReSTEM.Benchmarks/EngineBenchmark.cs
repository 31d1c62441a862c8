using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;
using ReSTEM.Plugins;

namespace ReSTEM.Benchmarks;

/// <summary>What one process measured.</summary>
/// <param name="PerSecond">Tokens a second of each run.</param>
/// <param name="PeakMebibytes">The most memory that it had.</param>
internal sealed record EngineRates(IReadOnlyList<double> PerSecond, double PeakMebibytes)
{
    /// <summary>The lower of the two in the middle where there are two.</summary>
    internal double Median => PerSecond.Order().ElementAt((PerSecond.Count - 1) / 2);

    /// <summary>Of one process after the other.</summary>
    internal EngineRates And(EngineRates later) => new([.. PerSecond, .. later.PerSecond], Math.Max(PeakMebibytes, later.PeakMebibytes));
}

/// <summary>Sampling and training of the same models on every engine that is installed, each in a process of its own.</summary>
internal static class EngineBenchmark
{
    private const int Slots = 64;

    private static readonly (string Engine, EngineDtype Dtype)[] Engines =
    [
        ("managed", EngineDtype.Float32), ("managed", EngineDtype.Bfloat16), ("torch-cpu", EngineDtype.Float32), ("torch-cpu", EngineDtype.Bfloat16),
        ("torch-cuda", EngineDtype.Float32), ("torch-cuda", EngineDtype.Bfloat16), ("onnx-cpu", EngineDtype.Float32),
        ("onnx-cpu", EngineDtype.Int8), ("onnx-cpu", EngineDtype.Int4),
        ("onnx-cuda", EngineDtype.Float32), ("onnx-cuda", EngineDtype.Float16),
    ];

    /// <summary>Models that this process wrote for its measurements, by name: exact normal deviates of 135 M weights take a minute.</summary>
    private static readonly ConcurrentDictionary<string, string> Written = new();

    /// <summary>Every engine in turn, some rounds of all, and a table of the best of each.</summary>
    internal static void WriteReport(string results, string[] models)
    {
        var best = new Dictionary<(string Work, string Model, int Threads, string Engine, EngineDtype Dtype), double>();
        var present = Engines.Where(static engine => engine.Engine == "managed" || Directory.Exists(FolderOf(engine.Engine))).ToArray();
        int[] threadCounts = [.. new[] { 1, Environment.ProcessorCount }.Distinct()];
        foreach (string model in models)
        {
            for (int round = 0; round < RoundsOf(model); round++)
            {
                foreach (var (work, threads, (engine, dtype)) in from work in new[] { "sample", "train" } from threads in threadCounts from one in present select (work, threads, one))
                {
                    if (work == "sample" || !engine.StartsWith("onnx", StringComparison.Ordinal))
                    {
                        double rate = Run(work, engine, dtype, model, threads).PerSecond.Max();
                        var key = (work, model, threads, engine, dtype);
                        best[key] = Math.Max(rate, best.GetValueOrDefault(key));
                        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{work} {model} {threads} {engine} {dtype}: {rate:F0} tokens/s"));
                    }
                }
            }
        }

        var text = new StringBuilder(
            $"# Engines side by side\n\n{ResultFile.Machine()} Tokens a second, best of 3 runs (smol135: 1) that took turns, each in a process of its own; the model's files in memory. "
            + $"Sampling: 8 prompts of 128 tokens (quickstart: 20), 8 completions of 64 each, temperature 0.7, top-k 40, {Slots} slots. Training: all weights, steps of 8 sequences of 256 tokens, no recomputation.\n\n"
            + "| work | model | threads | " + string.Join(" | ", present.Select(Title)) + " |\n|---|---|--:|" + string.Concat(present.Select(static _ => "--:|")) + "\n");
        foreach (var row in best.Keys.Select(static key => (key.Work, key.Model, key.Threads)).Distinct())
        {
            text.Append($"| {row.Work} | {row.Model} | {row.Threads} | ").AppendJoin(" | ", present.Select(engine =>
                best.TryGetValue((row.Work, row.Model, row.Threads, engine.Engine, engine.Dtype), out double rate) ? rate.ToString("F0", CultureInfo.InvariantCulture) : "")).Append(" |\n");
        }

        text.Append($"\n    restem engine add torch-cpu && restem engine add onnx-cpu\n    dotnet run --project benchmarks/ReSTEM.Benchmarks -c Release -- engines benchmarks/results {string.Join(' ', models)}\n");
        File.WriteAllText(Path.Combine(results, "engines.md"), text.ToString());

        static string Title((string Engine, EngineDtype Dtype) engine) => $"{engine.Engine} {engine.Dtype.ToString().ToLowerInvariant()}";
    }

    /// <summary>Tokens of prompts and of completions.</summary>
    internal static (int Prompt, int Completion) LengthsOf(string work, string model) => (work, model) switch
    {
        ("long", _) => (4096, 16),
        (_, "quickstart") => (20, 64),
        (_, "qwen05") => (128, 32),
        _ => (128, 64),
    };

    /// <summary>Some runs in this process after a first one, each in tokens a second.</summary>
    /// <param name="work">sample, long or train.</param>
    /// <param name="name">The engine.</param>
    /// <param name="dtype">Of its products.</param>
    /// <param name="model">Name of the shape.</param>
    /// <param name="threads">At most.</param>
    /// <param name="written">A folder that holds the model; null to draw its weights anew.</param>
    internal static async Task<string> RunAsync(string work, string name, string dtype, string model, int threads, string? written = null)
    {
        string parent = Directory.CreateTempSubdirectory("restem-engines-").FullName;
        try
        {
            string folder = written is null ? Write(parent, model) : Link(parent, written);
            IEngine engine = Open(name, Enum.Parse<EngineDtype>(dtype, ignoreCase: true), threads);
            var rates = work == "train" ? await TrainAsync(engine, folder, model) : await SampleAsync(engine, work, folder, model);
            return string.Join(' ', rates.Select(static rate => rate.ToString("F1", CultureInfo.InvariantCulture)));
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }

    private static string Write(string parent, string model) => TrainingBenchmark.WriteModel(parent, model, Models.Of(model) with { EndTokenIds = [] });

    /// <summary>What is written beside the model's folder is deleted with the parent, and the model is not.</summary>
    private static string Link(string parent, string written) =>
        Directory.CreateSymbolicLink(Path.Combine(parent, Path.GetFileName(written)), Path.GetFullPath(written)).FullName;

    private static async Task<IEnumerable<double>> SampleAsync(IEngine engine, string work, string folder, string model)
    {
        using IPolicy policy = engine.Open(engine.Resolve(folder));
        var (prompt, completion) = LengthsOf(work, model);
        var sampling = new SamplingCase(model, ModelConfigReader.Read(folder), Problems: 8, SamplesPerProblem: 8, prompt, completion);
        return await SamplingBenchmark.MeasureEachAsync(sampling, policy, new SamplingOptions { Temperature = 0.7, TopK = 40 }, runs: model == "quickstart" ? 5 : 3);
    }

    private static async Task<IEnumerable<double>> TrainAsync(IEngine engine, string folder, string model)
    {
        var times = await TrainingBenchmark.RunAsync(folder, engine.Trainer, batch: 8, length: 256, steps: model == "quickstart" ? 8 : 3);
        return times.StepSeconds.Select(seconds => times.Tokens / seconds);
    }

    private static IEngine Open(string name, EngineDtype dtype, int threads) => EngineKind.Named(name) is { } kind
        ? EngineLoader.Load(kind, FolderOf(name)).Open(new EngineSettings
        {
            Device = kind.Device == "cuda" ? "cuda:0" : "cpu",
            Dtype = dtype,
            Threads = threads,
            Slots = Slots,
        })
        : new ManagedEngine(new EngineOptions { Dtype = dtype, Threads = threads, Slots = Slots });

    private static int RoundsOf(string model) => model == "smol135" ? 1 : 3;

    private static string WrittenModel(string model) => Written.GetOrAdd(model, static model =>
    {
        string parent = Directory.CreateTempSubdirectory("restem-models-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(parent, recursive: true);
        return Write(parent, model);
    });

    private static string FolderOf(string name) => Checkout.Find().FolderOf(EngineKind.Named(name)!);

    /// <summary>The same in a process of its own.</summary>
    internal static EngineRates Run(string work, string engine, EngineDtype dtype, string model, int threads)
    {
        var ended = Subprocess.Self("engine", work, engine, $"{dtype}", model, threads.ToString(CultureInfo.InvariantCulture), WrittenModel(model));
        return new EngineRates([.. ended.Output.Split(' ').Select(static rate => double.Parse(rate, CultureInfo.InvariantCulture))], ended.PeakMebibytes);
    }
}
