using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;
using ReSTEM.Tests;

namespace ReSTEM.EngineTests;

/// <summary>The engine on ONNX Runtime against numbers that nobody here computed.</summary>
public sealed class OnnxParityTests
{
    public static TheoryData<string> Models =>
    [
        "llama-gqa-rope3", "llama-tied-bf16-sharded", "qwen2-bias-tied", "qwen3-qknorm", "mistral-window", "gemma1", "gpt2-small",
        "gpt2-bare-names",
    ];

    [EngineDataTheory("onnx-cpu")]
    [MemberData(nameof(Models))]
    public void Logits_agree_with_the_reference(string name)
    {
        var reference = new ReferenceModel(name);
        using var stored = ModelFolder.Open(SharedData.PathOf($"models/{name}"));
        float[][] logits = OnnxUse.Logits(stored, reference.Ids);
        float largest = reference.Logits.Max(row => row.Max(MathF.Abs));
        for (int t = 0; t < logits.Length; t++)
        {
            for (int id = 0; id < logits[t].Length; id++)
            {
                Assert.InRange(logits[t][id] - reference.Logits[t][id], -1e-4 * largest, 1e-4 * largest);
            }
        }
    }

    [EngineDataTheory("onnx-cpu")]
    [MemberData(nameof(Models))]
    public void Loss_agrees_with_the_reference(string name)
    {
        var reference = new ReferenceModel(name);
        using var policy = Open(name);
        float[] logProbabilities = policy.LogProbabilities([reference.Ids], CancellationToken.None).Single();
        int[] counted = [.. Enumerable.Range(1, reference.Ids.Length - 1).Where(t => reference.Mask[t] == 1)];
        Assert.Equal(0, logProbabilities[0]);
        Assert.InRange(-counted.Average(t => (double)logProbabilities[t]) - reference.Loss, -1e-5, 1e-5);
    }

    [EngineDataTheory("onnx-cpu")]
    [MemberData(nameof(Models))]
    public async Task Greedy_continuation_is_the_reference(string name)
    {
        var reference = new ReferenceModel(name);
        using var policy = Open(name);
        var options = new SamplingOptions { Temperature = 0, MaxTokens = reference.Greedy.Length };
        List<Completion> drawn = await PolicyUse.DrawAsync(policy, [PolicyUse.Request(reference.Ids, options)]);
        Assert.Equal(reference.Greedy, drawn.Single().TokenIds);
        Assert.Equal(FinishReason.MaxTokens, drawn.Single().FinishReason);
    }

    [EngineDataTheory("onnx-cpu")]
    [MemberData(nameof(Models))]
    public async Task Same_uniforms_give_the_managed_engine_s_completions(string name)
    {
        var reference = new ReferenceModel(name);
        var options = new SamplingOptions { Temperature = 1, TopP = 0.95, MaxTokens = 24 };
        SampleRequest[] requests = [.. Enumerable.Range(0, 100).Select(index =>
            PolicyUse.Request([.. reference.Ids.Take(5 + (index / 10))], options, $"p{index / 10}", index % 10))];
        using var policy = Open(name);
        using var managed = ManagedEngine.Open(reference.Weights, "", null, new EngineOptions { Threads = 1 });
        var drawn = await PolicyUse.DrawAsync(policy, requests);
        var expected = await PolicyUse.DrawAsync(managed, requests);
        Assert.InRange(drawn.Zip(expected).Count(pair => pair.First.TokenIds.SequenceEqual(pair.Second.TokenIds)), 99, 100);
    }

    private static IPolicy Open(string name)
    {
        var engine = OnnxUse.Engine(threads: 2);
        return engine.Open(engine.Resolve(SharedData.PathOf($"models/{name}")));
    }
}
