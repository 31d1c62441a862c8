using ReSTEM.Engines;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>A matrix packed for the forward product and, transposed, for the gradient of its input.</summary>
/// <param name="outDim">Outputs.</param>
/// <param name="inDim">Inputs.</param>
/// <param name="format">Of both, and of the products that make the matrix's own gradient.</param>
internal sealed class TwoWayMatrix(int outDim, int inDim, NumberFormat format)
{
    internal NumberFormat Format => format;

    /// <summary>x W^T.</summary>
    internal PackedMatrix Forward { get; } = new(outDim, inDim, format);

    /// <summary>dY W.</summary>
    internal PackedMatrix Backward { get; } = new(inDim, outDim, format);

    internal void Set(ReadOnlySpan<float> weights, WorkerPool pool)
    {
        Forward.Set(weights, pool);
        Backward.SetTransposed(weights, pool);
    }

    internal void Load(PartReader weights)
    {
        Forward.Fill(weights.Read);
        Backward.FillTransposed(weights.Read);
    }
}

/// <summary>A norm's numbers and their places in the gradient.</summary>
internal sealed class TrainedNorm(ParameterLayout layout, WeightPart gain, WeightPart? bias, int layer = -1)
{
    internal Stretch GainPlace { get; } = layout.Of(gain, layer);

    internal Stretch BiasPlace { get; } = bias is { } part ? layout.Of(part, layer) : default;

    /// <summary>[D], the family's offset in it; empty where the model has no such norm.</summary>
    internal float[] Gain { get; } = new float[layout.Of(gain, layer).Length];

    /// <summary>[D], or empty.</summary>
    internal float[] Bias { get; } = new float[bias is { } part ? layout.Of(part, layer).Length : 0];

    internal bool Exists => Gain.Length > 0;

    internal void Set(FloatBuffer values)
    {
        values.Slice(GainPlace.Start, GainPlace.Length).CopyTo(Gain);
        values.Slice(BiasPlace.Start, BiasPlace.Length).CopyTo(Bias);
        AddOffset();
    }

    internal void Load(IWeightSource weights)
    {
        weights.Values(gain, layer).CopyTo(Gain, 0);
        if (bias is { } part)
        {
            weights.Values(part, layer).CopyTo(Bias, 0);
        }

        AddOffset();
    }

    private void AddOffset()
    {
        float offset = layout.Config.Family.GainOffset;
        for (int index = 0; offset != 0 && index < Gain.Length; index++)
        {
            Gain[index] += offset;
        }
    }
}

/// <summary>A projection's matrix and bias, and their places in the gradient.</summary>
internal sealed class TrainedProjection(ParameterLayout layout, WeightPart weight, WeightPart? bias, int layer, TwoWayMatrix matrix)
{
    internal TwoWayMatrix Matrix => matrix;

    internal Stretch WeightPlace { get; } = layout.Of(weight, layer);

    internal Stretch BiasPlace { get; } = bias is { } part ? layout.Of(part, layer) : default;

    /// <summary>[out], or empty.</summary>
    internal float[] Bias { get; } = new float[bias is { } part ? layout.Of(part, layer).Length : 0];

    /// <summary>What is trained beside it; null for nothing.</summary>
    internal TrainedLowRank? Adapter { get; set; }

    internal WeightPart Part => weight;

    internal int Layer => layer;

    internal void Set(FloatBuffer values, WorkerPool pool)
    {
        Matrix.Set(values.Slice(WeightPlace.Start, WeightPlace.Length), pool);
        values.Slice(BiasPlace.Start, BiasPlace.Length).CopyTo(Bias);
    }

    internal void Load(IWeightSource weights)
    {
        Matrix.Load(new PartReader(weights, weight, layer));
        if (bias is { } part)
        {
            weights.Values(part, layer).CopyTo(Bias, 0);
        }
    }
}

/// <summary>The weights of one layer.</summary>
internal sealed class TrainedLayer
{
    internal TrainedLayer(ParameterLayout layout, int layer, RopeTable? rope, NumberFormat format)
    {
        var config = layout.Config;
        TrainedProjection Projection(WeightPart weight, WeightPart? bias, int outDim, int inDim) =>
            new(layout, weight, bias, layer, new TwoWayMatrix(outDim, inDim, format));
        Attention = ModelShapes.Attention(config, layer);
        Rope = rope;
        AttentionNorm = new TrainedNorm(layout, WeightPart.AttentionNorm, WeightPart.AttentionNormBias, layer);
        QueryKeyValue = Projection(WeightPart.QueryKeyValue, WeightPart.QueryKeyValueBias, Attention.RowDim, config.ModelDim);
        QueryNorm = new TrainedNorm(layout, WeightPart.QueryNorm, null, layer);
        KeyNorm = new TrainedNorm(layout, WeightPart.KeyNorm, null, layer);
        Output = Projection(WeightPart.Output, WeightPart.OutputBias, config.ModelDim, config.QueryDim);
        AfterAttentionNorm = new TrainedNorm(layout, WeightPart.AfterAttentionNorm, null, layer);
        FeedForwardNorm = new TrainedNorm(layout, WeightPart.FeedForwardNorm, WeightPart.FeedForwardNormBias, layer);
        GateUp = Projection(WeightPart.GateUp, WeightPart.GateUpBias, config.GateUpDim, config.ModelDim);
        Down = Projection(WeightPart.Down, WeightPart.DownBias, config.ModelDim, config.FeedForwardDim);
        AfterFeedForwardNorm = new TrainedNorm(layout, WeightPart.AfterFeedForwardNorm, null, layer);
    }

    internal AttentionShape Attention { get; }

    /// <summary>Null where positions are learned.</summary>
    internal RopeTable? Rope { get; }

    internal TrainedNorm AttentionNorm { get; }

    internal TrainedProjection QueryKeyValue { get; }

    internal TrainedNorm QueryNorm { get; }

    internal TrainedNorm KeyNorm { get; }

    internal TrainedProjection Output { get; }

    internal TrainedNorm AfterAttentionNorm { get; }

    internal TrainedNorm FeedForwardNorm { get; }

    internal TrainedProjection GateUp { get; }

    internal TrainedProjection Down { get; }

    internal TrainedNorm AfterFeedForwardNorm { get; }

    internal IEnumerable<TrainedNorm> Norms => [AttentionNorm, QueryNorm, KeyNorm, AfterAttentionNorm, FeedForwardNorm, AfterFeedForwardNorm];

    internal IEnumerable<TrainedProjection> Projections => [QueryKeyValue, Output, GateUp, Down];
}

/// <summary>
/// The weights of a model as the kernels want them: all of them trained, and laid out anew after every optimizer step, or frozen
/// with adapters beside them.
/// </summary>
internal sealed class TrainedDecoder
{
    private readonly ParameterLayout _layout;
    private FloatBuffer? _values; // of weights that are trained
    private EmbeddingTable? _table; // of frozen embeddings that are not tied to the head
    private float[] _positions = [];

    private TrainedDecoder(ParameterLayout layout, NumberFormat format)
    {
        Config = layout.Config;
        Format = format;
        _layout = layout;
        var ropes = ModelRope.Tables(Config);
        Layers = [.. Enumerable.Range(0, Config.LayerCount).Select(layer => new TrainedLayer(layout, layer, ropes[layer], format))];
        FinalNorm = new TrainedNorm(layout, WeightPart.FinalNorm, WeightPart.FinalNormBias);
        Head = new TwoWayMatrix(Config.VocabularySize, Config.ModelDim, format);
    }

    internal ModelConfig Config { get; }

    /// <summary>What matrices and embeddings are rounded to where they are used; trained values themselves are float32.</summary>
    internal NumberFormat Format { get; }

    internal IReadOnlyList<TrainedLayer> Layers { get; }

    internal TrainedNorm FinalNorm { get; }

    internal TwoWayMatrix Head { get; }

    /// <summary>Whether the weights stay as they are.</summary>
    internal bool IsFrozen => _values is null;

    internal Stretch HeadPlace => _layout.Head;

    internal Stretch EmbeddingPlace => _layout.Of(WeightPart.Embedding);

    internal Stretch PositionsPlace => _layout.Of(WeightPart.Positions);

    /// <summary>A decoder whose weights are all trained; call <see cref="SetWeights"/> after a change.</summary>
    internal static TrainedDecoder Of(ParameterLayout layout, FloatBuffer values, WorkerPool pool, NumberFormat format = NumberFormat.Float32)
    {
        var decoder = new TrainedDecoder(layout, format) { _values = values };
        decoder.SetWeights(pool);
        return decoder;
    }

    /// <summary>A decoder whose weights stay as they are.</summary>
    internal static TrainedDecoder Frozen(IWeightSource weights, NumberFormat format = NumberFormat.Float32)
    {
        var decoder = new TrainedDecoder(new ParameterLayout(weights.Config), format);
        foreach (var norm in decoder.Norms)
        {
            norm.Load(weights);
        }

        foreach (var projection in decoder.Projections)
        {
            projection.Load(weights);
        }

        bool isTied = weights.Config.TiedEmbeddings;
        decoder.Head.Load(new PartReader(weights, isTied ? WeightPart.Embedding : WeightPart.Head));
        decoder._table = isTied ? null : new EmbeddingTable(weights, format);
        decoder._positions = weights.Values(WeightPart.Positions);
        return decoder;
    }

    internal IEnumerable<TrainedProjection> Projections => Layers.SelectMany(static layer => layer.Projections);

    /// <summary>Largest R of a part; 0 without adapters.</summary>
    internal int MaxRank => Projections.Max(static projection => projection.Adapter?.Rank ?? 0);

    private IEnumerable<TrainedNorm> Norms => Layers.SelectMany(static layer => layer.Norms).Append(FinalNorm);

    /// <summary>Lays weights that have changed out anew.</summary>
    internal void SetWeights(WorkerPool pool)
    {
        foreach (var norm in Norms)
        {
            norm.Set(_values!);
        }

        foreach (var projection in Projections)
        {
            projection.Set(_values!, pool);
        }

        Head.Set(_values!.Slice(HeadPlace.Start, HeadPlace.Length), pool);
    }

    /// <summary>Copies a token's embedding, [D].</summary>
    internal void CopyEmbedding(int id, Span<float> values)
    {
        if (_values is { } trained)
        {
            trained.Slice(EmbeddingPlace.Start + (id * Config.ModelDim), Config.ModelDim).CopyTo(values);
            if (Format is NumberFormat.Bfloat16)
            {
                BfloatRounding.Round(values, values);
            }
        }
        else if (_table is null)
        {
            Head.Forward.CopyRow(id, values);
        }
        else
        {
            _table.CopyRow(id, values);
        }
    }

    /// <summary>The learned vector of a position, [D].</summary>
    internal ReadOnlySpan<float> Position(int position) => _values is { } trained
        ? trained.Slice(PositionsPlace.Start + (position * Config.ModelDim), Config.ModelDim)
        : _positions.AsSpan(position * Config.ModelDim, Config.ModelDim);
}
