using ReSTEM.Engines;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>A norm's numbers.</summary>
/// <param name="Gain">[D], the family's offset in it; empty where there is no such norm.</param>
/// <param name="Bias">[D], or empty.</param>
internal readonly record struct PackedNorm(float[] Gain, float[] Bias)
{
    internal bool Exists => Gain.Length > 0;
}

/// <summary>A projection's matrix with its bias.</summary>
/// <param name="Matrix">[out, in].</param>
/// <param name="Bias">[out], or empty.</param>
/// <param name="Adapter">What is computed beside it; null for nothing.</param>
internal sealed record PackedProjection(PackedMatrix Matrix, float[] Bias, LowRank? Adapter);

/// <summary>The weights of one layer as the kernels want them.</summary>
internal sealed record PackedLayer
{
    internal required PackedNorm AttentionNorm { get; init; }

    /// <summary>Stacked, [(H + 2 K) * Hd, D].</summary>
    internal required PackedProjection QueryKeyValue { get; init; }

    /// <summary>[Hd] or [H * Hd]; empty without.</summary>
    internal required float[] QueryNorm { get; init; }

    /// <summary>[Hd] or [K * Hd]; empty without.</summary>
    internal required float[] KeyNorm { get; init; }

    /// <summary>[D, H * Hd].</summary>
    internal required PackedProjection Output { get; init; }

    internal required PackedNorm AfterAttentionNorm { get; init; }

    internal required PackedNorm FeedForwardNorm { get; init; }

    /// <summary>Stacked, [2 F, D], or [F, D] without a gate.</summary>
    internal required PackedProjection GateUp { get; init; }

    /// <summary>[D, F].</summary>
    internal required PackedProjection Down { get; init; }

    internal required PackedNorm AfterFeedForwardNorm { get; init; }

    internal required AttentionShape Attention { get; init; }

    /// <summary>Null where positions are learned.</summary>
    internal required RopeTable? Rope { get; init; }
}

/// <summary>A model laid out once for the matrix kernels; shared by all threads, never written again.</summary>
internal sealed class PackedModel : IDisposable
{
    private readonly EmbeddingTable? _table; // of embeddings that are not tied to the head

    /// <param name="weights">Read once.</param>
    /// <param name="adapter">Computed beside the weights; null for none.</param>
    /// <param name="format">Of matrices and tied embeddings.</param>
    internal PackedModel(IWeightSource weights, Adapter? adapter = null, NumberFormat format = NumberFormat.Float32)
    {
        Config = weights.Config;
        Format = format;
        var ropes = ModelRope.Tables(Config);
        Head = Matrix(weights, Config.TiedEmbeddings ? WeightPart.Embedding : WeightPart.Head, -1);
        _table = Config.TiedEmbeddings ? null : new EmbeddingTable(weights, FormatBeside);
        Positions = weights.Values(WeightPart.Positions);
        FinalNorm = Norm(weights, WeightPart.FinalNorm, WeightPart.FinalNormBias, -1);
        Layers = [.. Enumerable.Range(0, Config.LayerCount).Select(layer => Layer(weights, adapter, layer, ropes[layer]))];
    }

    internal ModelConfig Config { get; }

    /// <summary>Of matrices and tied embeddings.</summary>
    internal NumberFormat Format { get; }

    /// <summary>Of keys, values, adapters and an embedding table.</summary>
    internal NumberFormat FormatBeside => EngineOptions.Beside(Format);

    internal IReadOnlyList<PackedLayer> Layers { get; }

    internal PackedNorm FinalNorm { get; }

    /// <summary>[V, D].</summary>
    internal PackedMatrix Head { get; }

    /// <summary>[context, D], or empty.</summary>
    internal float[] Positions { get; }

    /// <summary>Largest R of a part; 0 without adapter.</summary>
    internal int MaxRank => Layers.Max(static layer =>
        new[] { layer.QueryKeyValue, layer.Output, layer.GateUp, layer.Down }.Max(static part => part.Adapter?.Down.OutDim ?? 0));

    /// <summary>Gives the matrices' memory back.</summary>
    public void Dispose()
    {
        Head.Dispose();
        foreach (PackedLayer layer in Layers)
        {
            Array.ForEach([layer.QueryKeyValue, layer.Output, layer.GateUp, layer.Down], static part => part.Matrix.Dispose());
        }
    }

    /// <summary>Copies a token's embedding, [D].</summary>
    internal void CopyEmbedding(int tokenId, Span<float> values)
    {
        if (_table is null)
        {
            Head.CopyRow(tokenId, values);
        }
        else
        {
            _table.CopyRow(tokenId, values);
        }
    }

    private PackedLayer Layer(IWeightSource weights, Adapter? adapter, int layer, RopeTable? rope) => new()
    {
        AttentionNorm = Norm(weights, WeightPart.AttentionNorm, WeightPart.AttentionNormBias, layer),
        QueryKeyValue = Projection(weights, adapter, WeightPart.QueryKeyValue, WeightPart.QueryKeyValueBias, layer),
        QueryNorm = Gain(weights, WeightPart.QueryNorm, layer),
        KeyNorm = Gain(weights, WeightPart.KeyNorm, layer),
        Output = Projection(weights, adapter, WeightPart.Output, WeightPart.OutputBias, layer),
        AfterAttentionNorm = new PackedNorm(Gain(weights, WeightPart.AfterAttentionNorm, layer), []),
        FeedForwardNorm = Norm(weights, WeightPart.FeedForwardNorm, WeightPart.FeedForwardNormBias, layer),
        GateUp = Projection(weights, adapter, WeightPart.GateUp, WeightPart.GateUpBias, layer),
        Down = Projection(weights, adapter, WeightPart.Down, WeightPart.DownBias, layer),
        AfterFeedForwardNorm = new PackedNorm(Gain(weights, WeightPart.AfterFeedForwardNorm, layer), []),
        Attention = ModelShapes.Attention(weights.Config, layer),
        Rope = rope,
    };

    private static PackedNorm Norm(IWeightSource weights, WeightPart gain, WeightPart bias, int layer) =>
        new(Gain(weights, gain, layer), weights.Values(bias, layer));

    internal static float[] Gain(IWeightSource weights, WeightPart part, int layer)
    {
        float[] gain = weights.Values(part, layer);
        if (weights.Config.Family.GainOffset != 0)
        {
            for (int index = 0; index < gain.Length; index++)
            {
                gain[index] += weights.Config.Family.GainOffset;
            }
        }

        return gain;
    }

    private PackedProjection Projection(IWeightSource weights, Adapter? adapter, WeightPart part, WeightPart bias, int layer) =>
        new(Matrix(weights, part, layer), weights.Values(bias, layer), LowRank.Of(adapter, weights, part, layer, FormatBeside));

    private PackedMatrix Matrix(IWeightSource weights, WeightPart part, int layer)
    {
        var reader = new PartReader(weights, part, layer);
        var matrix = new PackedMatrix(reader.Rows, reader.RowLength, Format);
        matrix.Fill(reader.Read);
        return matrix;
    }
}
