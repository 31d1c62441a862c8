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
        new("smol135", SamplingBenchmark.Smol135, 16, 8, 128, 32),
    ];

    private static readonly (string Name, SamplingOptions Options)[] Samplers =
    [
        ("T 1", new()), ("T 0.7, top-k 40", new() { Temperature = 0.7, TopK = 40 }),
    ];

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
                    double rate = await SamplingBenchmark.MeasureAsync(work, new EngineOptions { Threads = threads }, options, runs: 3);
                    Console.WriteLine(
                        $"  {work.Name}, {name}, prompts {work.PromptLength}, completions {work.CompletionLength}, {work.SamplesPerProblem} a problem: " +
                        $"{rate:F0} tokens/s, {Share(work, rate, peak):P0} of the peak in matrix products");
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
