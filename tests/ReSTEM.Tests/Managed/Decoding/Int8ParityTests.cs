using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Numerics;

namespace ReSTEM.Tests;

/// <summary>How far int8 is from the published numbers, model by model; the same bits everywhere, so a bound is not a matter of luck.</summary>
public sealed class Int8ParityTests
{
    /// <summary>Model, largest error of a logit as a share of the largest logit, error of the loss in nats.</summary>
    public static TheoryData<string, double, double> Bounds => new()
    {
        { "llama-gqa-rope3", 0.084, 0.0071 },
        { "llama-tied-bf16-sharded", 0.063, 0.0027 },
        { "qwen2-bias-tied", 0.082, 0.0300 },
        { "qwen3-qknorm", 0.037, 0.0245 },
        { "mistral-window", 0.056, 0.0190 },
        { "gemma1", 0.068, 0.0220 },
        { "gpt2-small", 0.064, 0.0355 },
        { "gpt2-bare-names", 0.042, 0.0145 },
    };

    [DataTheory]
    [MemberData(nameof(Bounds))]
    public void Logits_and_loss_are_near_the_reference(string name, double logitBound, double lossBound)
    {
        var reference = new ReferenceModel(name);
        using var policy = ManagedEngine.Open(reference.Weights, "", null, new EngineOptions { Threads = 1, Dtype = EngineDtype.Int8 });
        float[] logProbabilities = policy.LogProbabilities([reference.Ids], CancellationToken.None).Single();
        double largest = reference.Logits.Max(row => row.Max(MathF.Abs)), error = 0;
        float[][] logits = ParityTests.Logits(reference, NumberFormat.Int8);
        for (int t = 0; t < logits.Length; t++)
        {
            error = Math.Max(error, logits[t].Zip(reference.Logits[t], (actual, expected) => Math.Abs(actual - (double)expected)).Max() / largest);
        }

        double loss = -Enumerable.Range(1, reference.Ids.Length - 1).Where(t => reference.Mask[t] == 1).Average(t => (double)logProbabilities[t]);
        Assert.True(
            error <= logitBound && Math.Abs(loss - reference.Loss) <= lossBound,
            $"{name}: logits are off by {error:R} of the largest, the loss by {loss - reference.Loss:R}");
    }
}
