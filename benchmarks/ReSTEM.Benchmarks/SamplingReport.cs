using ReSTEM.Core;
using ReSTEM.Engine;
using ReSTEM.Numerics;

namespace ReSTEM.Benchmarks;

/// <summary>Prints a line per measured way of sampling.</summary>
internal static class SamplingReport
{
    private static readonly SamplingCase[] Cases =
    [
        new("quickstart", SamplingBenchmark.Quickstart, 256, 8, 20, 35),
        new("quickstart", SamplingBenchmark.Quickstart, 1, 128, 20, 35), // all slots begin and end together, as in peers
        new("smol135", SamplingBenchmark.Smol135, 16, 8, 128, 16),
        new("smol135", SamplingBenchmark.Smol135, 1, 128, 128, 16),
    ];

    private static readonly (string Name, SamplingOptions Options)[] Samplers =
    [
        ("T 1", new()), ("T 0.7, top-k 40", new() { Temperature = 0.7, TopK = 40 }),
    ];

    /// <summary>Writes the measured models as Hugging Face folders, so that other engines can be measured with the same weights.</summary>
    internal static void WriteModels(string folder)
    {
        foreach (SamplingCase work in Cases.DistinctBy(work => work.Name))
        {
            ModelFolder.Save(Path.Combine(folder, work.Name), SamplingBenchmark.RandomWeights(work.Config), tokenizerFolder: null);
        }
    }

    internal static async Task WriteAsync(string[] which)
    {
        foreach (int threads in new[] { 1, Environment.ProcessorCount }.Distinct())
        {
            using var pool = new WorkerPool(threads);
            double peak = FmaPeak.Measure(pool);
            Console.WriteLine($"{threads} threads: FMA peak {peak:F0} GFLOP/s");
            foreach (SamplingCase work in Cases.Where(work => which.Length == 0 || which.Contains(work.Name)))
            {
                foreach (var (name, options) in Samplers)
                {
                    var (rate, cpuRate) = await SamplingBenchmark.MeasureAsync(
                        work, new EngineOptions { Threads = threads, Slots = 128 }, options, runs: work.Name == "smol135" ? 2 : 5);
                    Console.WriteLine(
                        $"  {work.Name}, {name}, {work.Problems} prompts of {work.PromptLength}, {work.SamplesPerProblem} completions of {work.CompletionLength} each: " +
                        $"{rate:F0} tokens/s ({Share(work, rate, peak):P0} of the peak in matrix products), {cpuRate:F0} tokens per CPU second");
                }
            }
        }
    }

    /// <summary>Multiply-adds of the weights, prompts included, against what the machine could do.</summary>
    private static double Share(SamplingCase work, double tokensPerSecond, double peak)
    {
        ModelConfig config = work.Config;
        double layer = config.ModelDim * (double)(config.QueryDim + (2 * config.KvDim) + config.QueryDim + (3 * config.FeedForwardDim));
        double body = config.LayerCount * layer, head = config.VocabularySize * (double)config.ModelDim;
        double promptsPerToken = work.PromptLength / (double)(work.SamplesPerProblem * work.CompletionLength);
        return 2 * ((body * (1 + promptsPerToken)) + head) * tokensPerSecond / 1e9 / peak;
    }
}
