using ReSTEM.Managed;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Tests;

/// <summary>Loss and gradient of a model, as a test wants them.</summary>
internal static class TrainingModel
{
    internal static (double Loss, ModelWeights Gradient) LossAndGradient(
        ModelWeights weights, IReadOnlyList<PackedBatch> batches, int threads, bool recomputes = false)
    {
        var layout = new ParameterLayout(weights.Config);
        var values = new FloatBuffer(layout.Length);
        layout.Read(weights, values.Span);
        using var pool = new WorkerPool(threads);
        var pass = new DecoderPass(layout, values, pool, recomputes);
        var gradient = new FloatBuffer(layout.Length);
        double loss = 0;
        foreach (var batch in batches)
        {
            pass.AddLossAndGradient(batch, gradient, ref loss);
        }

        pass.MergeEmbeddingGradient(gradient);
        return (loss, layout.ToWeights(gradient.Span));
    }
}
