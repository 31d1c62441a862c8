using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;

namespace ReSTEM.Benchmarks;

/// <summary>The measured ways of sampling.</summary>
internal static class SamplingReport
{
    private static readonly SamplingCase[] Cases =
    [
        new("quickstart", Models.Quickstart with { EndTokenIds = [] }, 256, 8, 20, 35),
        new("quickstart", Models.Quickstart with { EndTokenIds = [] }, 1, 128, 20, 35), // all slots begin and end together, as in peers
        new("smol135", Models.Smol135 with { EndTokenIds = [] }, 16, 8, 128, 16),
        new("smol135", Models.Smol135 with { EndTokenIds = [] }, 1, 128, 128, 16),
    ];

    private static readonly (string Name, SamplingOptions Options)[] Samplers =
    [
        ("T 1", new()), ("T 0.7, top-k 40", new() { Temperature = 0.7, TopK = 40 }),
    ];

    internal static async IAsyncEnumerable<Measurement> MeasureAsync(int threads, double peak, string model)
    {
        foreach (SamplingCase work in Cases.Where(work => work.Name == model))
        {
            foreach (var (name, options) in Samplers)
            {
                var (rate, cpuRate) = await SamplingBenchmark.MeasureAsync(
                    work, new EngineOptions { Threads = threads, Slots = 128 }, options, runs: model == "smol135" ? 2 : 5);
                yield return new Measurement(
                    "sampling",
                    $"{work.Name}, {name}, {work.Problems} prompts of {work.PromptLength}, {work.SamplesPerProblem} completions of {work.CompletionLength} each",
                    threads, rate, "tokens/s", Share(work, threads == 1 ? cpuRate : rate, peak))
                {
                    PerCpuSecond = cpuRate,
                };
            }
        }
    }

    /// <summary>One case at temperature 0.7 with top-k 40, for runs in turn with another engine.</summary>
    internal static async Task<string> MeasureOneAsync(
        string model, int threads, int problems, int samples, int promptLength, int completionLength, int runs)
    {
        ModelConfig config = Cases.First(work => work.Name == model).Config;
        var (rate, cpuRate) = await SamplingBenchmark.MeasureAsync(
            new SamplingCase(model, config, problems, samples, promptLength, completionLength),
            new EngineOptions { Threads = threads, Slots = 128 }, Samplers[1].Options, runs);
        return $"{{\"threads\": {threads}, \"tok_s\": {rate:F1}, \"tok_per_cpu_s\": {cpuRate:F1}}}";
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
