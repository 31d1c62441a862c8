using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>The weights of one layer as the kernels want them.</summary>
/// <param name="AttentionNorm">[D].</param>
/// <param name="QueryKeyValue">Stacked projections, [(H + 2 K) * Hd, D].</param>
/// <param name="QueryKeyValueBias">[(H + 2 K) * Hd], or empty.</param>
/// <param name="Output">[D, H * Hd].</param>
/// <param name="FeedForwardNorm">[D].</param>
/// <param name="GateUp">Stacked, [2 F, D].</param>
/// <param name="Down">[D, F].</param>
internal sealed record PackedLayer(
    float[] AttentionNorm,
    PackedMatrix QueryKeyValue,
    float[] QueryKeyValueBias,
    PackedMatrix Output,
    float[] FeedForwardNorm,
    PackedMatrix GateUp,
    PackedMatrix Down);

/// <summary>A model laid out once for the matrix kernels; shared by all threads, never written again.</summary>
internal sealed class PackedModel
{
    internal PackedModel(ModelWeights weights)
    {
        Config = weights.Config;
        Attention = new AttentionShape(Config.HeadCount, Config.KvHeadCount, Config.HeadDim);
        Embedding = weights.Embedding.Values;
        FinalNorm = weights.FinalNorm.Values;
        Head = Pack(weights.Head);
        Layers = [.. weights.Layers.Select(Pack)];
        Rope = ModelRope.Table(Config);
    }

    internal ModelConfig Config { get; }

    internal AttentionShape Attention { get; }

    /// <summary>[V, D].</summary>
    internal float[] Embedding { get; }

    internal IReadOnlyList<PackedLayer> Layers { get; }

    /// <summary>[D].</summary>
    internal float[] FinalNorm { get; }

    /// <summary>[V, D].</summary>
    internal PackedMatrix Head { get; }

    internal RopeTable Rope { get; }

    private static PackedLayer Pack(LayerWeights layer) => new(
        layer.AttentionNorm.Values,
        Pack(layer.Query, layer.Key, layer.Value),
        [.. layer.QueryBias?.Values ?? [], .. layer.KeyBias?.Values ?? [], .. layer.ValueBias?.Values ?? []],
        Pack(layer.Output),
        layer.FeedForwardNorm.Values,
        Pack(layer.Gate, layer.Up),
        Pack(layer.Down));

    private static PackedMatrix Pack(params ReadOnlySpan<WeightTensor> parts)
    {
        int inDim = parts[0].Shape[1];
        if (parts.Length == 1)
        {
            return PackedMatrix.Pack(parts[0].Values, parts[0].Shape[0], inDim);
        }

        float[] stacked = new float[parts.ToArray().Sum(part => part.Values.Length)];
        int end = 0;
        foreach (WeightTensor part in parts)
        {
            part.Values.CopyTo(stacked, end);
            end += part.Values.Length;
        }

        return PackedMatrix.Pack(stacked, stacked.Length / inDim, inDim);
    }
}
