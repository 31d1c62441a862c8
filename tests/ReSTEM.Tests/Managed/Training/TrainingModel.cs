using ReSTEM.Engines;
using ReSTEM.Managed;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Tests;

/// <summary>Loss and gradient of a model, as a test wants them.</summary>
internal static class TrainingModel
{
    internal static (double Loss, ModelWeights Gradient) LossAndGradient(
        ModelWeights weights, IReadOnlyList<PackedBatch> batches, int threads, bool recomputes = false,
        NumberFormat format = NumberFormat.Float32)
    {
        var layout = new ParameterLayout(weights.Config);
        var values = new FloatBuffer(layout.Length);
        layout.Read(weights, values.Span);
        using var pool = new WorkerPool(threads);
        var pass = new DecoderPass(TrainedDecoder.Of(layout, values, pool, format), pool, recomputes);
        var gradient = new FloatBuffer(layout.Length);
        LossSum loss = default;
        foreach (var batch in batches)
        {
            pass.AddLossAndGradient(batch, gradient, ref loss);
        }

        pass.MergeEmbeddingGradient(gradient);
        return (loss.Plain + loss.Mixed, ModelWeights.Copy(layout.Over(gradient)));
    }

    /// <summary>The gradient of an adapter's factors.</summary>
    internal static Adapter AdapterGradient(IWeightSource weights, Adapter adapter, IReadOnlyList<PackedBatch> batches)
    {
        var decoder = TrainedDecoder.Frozen(weights);
        var vector = new AdapterVector(adapter, weights, decoder);
        var values = new FloatBuffer(vector.Length);
        vector.Read(values);
        vector.TakeOver(values, WorkerPool.Inline);
        var pass = new DecoderPass(decoder, WorkerPool.Inline, recomputes: false);
        var gradient = new FloatBuffer(vector.Length);
        LossSum loss = default;
        foreach (var batch in batches)
        {
            pass.AddLossAndGradient(batch, gradient, ref loss);
        }

        return vector.ToAdapter(gradient);
    }
}
