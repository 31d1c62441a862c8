using ReSTEM.Core;
using ReSTEM.Models;
using ReSTEM.Tests;

namespace ReSTEM.EngineTests;

/// <summary>What the bits of ONNX Runtime depend on, as its fingerprint says it.</summary>
public sealed class OnnxBitsTests
{
    /// <summary>Long enough sums that another kernel would round otherwise.</summary>
    private static readonly ModelWeights Weights = TestModels.Random(
        TestModels.Config(tied: false) with
        {
            ModelDim = 768,
            HeadCount = 6,
            HeadDim = 64,
            Rope = new RopeConfig(10_000, 64),
            FeedForwardDim = 2048,
            ContextLength = 700,
        },
        spread: 0.04);

    [EngineFact("onnx-cpu")]
    public async Task They_do_not_depend_on_slots_neighbours_or_threads()
    {
        SampleRequest[] own = [.. new[] { 5, 60, 250, 251 }.Select(length => Request($"{length}", length))];
        SampleRequest[] others = [.. Enumerable.Range(0, 40).Select(index => Request($"other {index}", 20 + (15 * index)))];
        List<string> seen = [];
        foreach (var (threads, slots, requests) in new[]
        {
            (1, 4, own), (2, 4, own), (1, 1, own), (1, 48, [.. others[..17], .. own, .. others[17..]]), (2, 7, [.. own, .. others]),
        })
        {
            using var policy = OnnxUse.Engine(threads, slots).Open(Weights, null, "", null);
            var drawn = (await PolicyUse.DrawAsync(policy, requests)).Where(completion => own.Any(request => request.ProblemId == completion.ProblemId));
            seen.Add(string.Join('\n', drawn.OrderBy(static completion => completion.ProblemId, StringComparer.Ordinal).Select(static completion =>
                $"{completion.ProblemId}: {string.Join(' ', completion.TokenIds)} {BitConverter.DoubleToInt64Bits(completion.LogProbability):x}")));
        }

        Assert.All(seen, drawn => Assert.Equal(seen[0], drawn));
        Assert.True(OnnxUse.Engine().Fingerprint is { Deterministic: true, Name: "onnx-cpu" });
    }

    private static SampleRequest Request(string name, int length) =>
        PolicyUse.Request([.. Enumerable.Range(0, length).Select(t => 3 + (t * 11 % 55))], new SamplingOptions { MaxTokens = 40 }, name);
}
