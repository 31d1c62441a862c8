using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Managed;
using ReSTEM.Numerics;

namespace ReSTEM.Tests;

/// <summary>How far bfloat16 is from the published numbers, model by model; the same bits everywhere, so a bound is not a matter of luck.</summary>
public sealed class BfloatParityTests
{
    /// <summary>
    /// Model, largest error of a logit as a share of the largest logit, error of the loss in nats, error of the gradient as a share of
    /// its norm.
    /// </summary>
    public static TheoryData<string, double, double, double> Bounds => new()
    {
        { "llama-gqa-rope3", 0.024, 0.0007, 0.033 },
        { "llama-tied-bf16-sharded", 0.010, 0.0065, 0.016 },
        { "qwen2-bias-tied", 0.018, 0.0085, 0.031 },
        { "qwen3-qknorm", 0.012, 0.0005, 0.016 },
        { "mistral-window", 0.022, 0.0120, 0.027 },
        { "gemma1", 0.020, 0.0085, 0.031 },
        { "gpt2-small", 0.017, 0.0060, 0.018 },
        { "gpt2-bare-names", 0.013, 0.0006, 0.019 },
    };

    [DataTheory]
    [MemberData(nameof(Bounds))]
    public void Logits_loss_and_gradient_are_near_the_reference(string name, double logitBound, double lossBound, double gradientBound)
    {
        var reference = new ReferenceModel(name);
        using var policy = ManagedEngine.Open(reference.Weights, "", null, new EngineOptions { Threads = 1, Dtype = EngineDtype.Bfloat16 });
        float[] logProbabilities = policy.LogProbabilities([reference.Ids], CancellationToken.None).Single();
        double largest = reference.Logits.Max(row => row.Max(MathF.Abs)), error = 0;
        float[][] logits = ParityTests.Logits(reference, NumberFormat.Bfloat16);
        for (int t = 0; t < logits.Length; t++)
        {
            error = Math.Max(error, logits[t].Zip(reference.Logits[t], (actual, expected) => Math.Abs(actual - (double)expected)).Max() / largest);
        }

        int[] counted = [.. Enumerable.Range(1, reference.Ids.Length - 1).Where(t => reference.Mask[t] == 1)];
        double loss = -counted.Average(t => (double)logProbabilities[t]);

        var batch = new PackedBatch();
        batch.Add(reference.Ids, [.. reference.Mask.Select(bit => (float)bit / counted.Length)]);
        var (trainedLoss, gradient) = TrainingModel.LossAndGradient(reference.Weights, [batch], threads: 1, format: NumberFormat.Bfloat16);
        var (_, exact) = TrainingModel.LossAndGradient(reference.Weights, [batch], threads: 1);
        double difference = 0, whole = 0;
        foreach (var (one, two) in gradient.Tensors.Zip(exact.Tensors))
        {
            difference += one.Values.Zip(two.Values, (a, b) => ((double)a - b) * ((double)a - b)).Sum();
            whole += two.Values.Sum(b => (double)b * b);
        }

        Assert.True(
            error <= logitBound && Math.Abs(loss - reference.Loss) <= lossBound && Math.Sqrt(difference / whole) <= gradientBound,
            $"logits are off by {error:R} of the largest, the loss by {loss - reference.Loss:R}, the gradient by {Math.Sqrt(difference / whole):R} of its norm");
        Assert.Equal(loss, trainedLoss, 1e-5); // the sampler and the trainer compute the same function
    }
}
