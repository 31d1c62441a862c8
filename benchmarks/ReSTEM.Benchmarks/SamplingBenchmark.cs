using System.Diagnostics;
using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;

namespace ReSTEM.Benchmarks;

/// <summary>How a model is sampled.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Config">Shapes; the weights are random.</param>
/// <param name="Problems">Count of prompts.</param>
/// <param name="SamplesPerProblem">Completions of each prompt.</param>
/// <param name="PromptLength">Tokens of a prompt.</param>
/// <param name="CompletionLength">Tokens of a completion; random weights never end one early.</param>
internal sealed record SamplingCase(
    string Name, ModelConfig Config, int Problems, int SamplesPerProblem, int PromptLength, int CompletionLength);

/// <summary>Tokens per second of the whole sampling path: requests in, completions out.</summary>
internal static class SamplingBenchmark
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    /// <summary>Completion tokens per second, by the clock and by the processor time of all threads; best of some runs after a warm-up.</summary>
    internal static async Task<(double PerSecond, double PerCpuSecond)> MeasureAsync(
        SamplingCase work, EngineOptions engine, SamplingOptions options, int runs)
    {
        using var policy = ManagedEngine.Open(RandomWeights(work.Config), "", null, engine);
        var rates = await RunsAsync(work, policy, options, runs);
        return (rates.Max(static rates => rates.PerSecond), rates.Max(static rates => rates.PerCpuSecond));
    }

    /// <summary>Completion tokens per second by the clock, of each of some runs after a warm-up.</summary>
    internal static async Task<IReadOnlyList<double>> MeasureEachAsync(SamplingCase work, EngineOptions engine, SamplingOptions options, int runs)
    {
        using var policy = ManagedEngine.Open(RandomWeights(work.Config), "", null, engine);
        return await MeasureEachAsync(work, policy, options, runs);
    }

    /// <summary>The same of a policy that is open.</summary>
    internal static async Task<IReadOnlyList<double>> MeasureEachAsync(SamplingCase work, IPolicy policy, SamplingOptions options, int runs) =>
        [.. (await RunsAsync(work, policy, options, runs)).Select(static rates => rates.PerSecond)];

    private static async Task<IReadOnlyList<(double PerSecond, double PerCpuSecond)>> RunsAsync(
        SamplingCase work, IPolicy policy, SamplingOptions options, int runs)
    {
        long begun = Stopwatch.GetTimestamp();
        do
        {
            await TokensAsync(policy, work with { Problems = Math.Max(1, work.Problems / 8) }, options);
        }
        while (Stopwatch.GetElapsedTime(begun) < WarmUp); // until the compiler is through

        var rates = new List<(double, double)>();
        for (int run = 0; run < runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            TimeSpan cpuStart = Environment.CpuUsage.TotalTime;
            long tokens = await TokensAsync(policy, work, options);
            rates.Add((tokens / Stopwatch.GetElapsedTime(start).TotalSeconds, tokens / (Environment.CpuUsage.TotalTime - cpuStart).TotalSeconds));
        }

        return rates;
    }

    private static async Task<long> TokensAsync(IPolicy policy, SamplingCase work, SamplingOptions options)
    {
        long tokens = 0;
        await foreach (Completion completion in policy.SampleAsync(Requests(work, options), CancellationToken.None))
        {
            tokens += completion.TokenIds.Count;
        }

        return tokens;
    }

    private static IEnumerable<SampleRequest> Requests(SamplingCase work, SamplingOptions options)
    {
        RandomStream stream = RandomStream.Of(1, RandomPurpose.Sample);
        for (int problem = 0; problem < work.Problems; problem++)
        {
            RandomSequence random = stream.At(1, $"{problem}", 0).Sequence();
            int[] prompt = [.. Enumerable.Range(0, work.PromptLength).Select(_ => random.Below(work.Config.VocabularySize))];
            for (int index = 0; index < work.SamplesPerProblem; index++)
            {
                yield return new SampleRequest
                {
                    ProblemId = $"{problem}",
                    Index = index,
                    PromptIds = prompt,
                    Options = options with { MaxTokens = work.CompletionLength },
                    Random = stream.At(0, $"{problem}", index),
                };
            }
        }
    }

    private static ModelWeights RandomWeights(ModelConfig config)
    {
        ModelWeights weights = ModelWeights.Zeros(config);
        uint state = 1;
        foreach (WeightTensor tensor in weights.Tensors)
        {
            bool gain = tensor.Shape.Count == 1;
            for (int index = 0; index < tensor.Values.Length; index++)
            {
                state = (state * 1664525) + 1013904223;
                tensor.Values[index] = gain ? 1 : ((state >> 8) * (0.08f / (1 << 24))) - 0.04f;
            }
        }

        return weights;
    }
}
