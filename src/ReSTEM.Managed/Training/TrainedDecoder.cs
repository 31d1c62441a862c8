using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>A matrix packed for the forward product and, transposed, for the gradient of its input.</summary>
internal sealed class TwoWayMatrix(int outDim, int inDim)
{
    /// <summary>x W^T.</summary>
    internal PackedMatrix Forward { get; } = new(outDim, inDim);

    /// <summary>dY W.</summary>
    internal PackedMatrix Backward { get; } = new(inDim, outDim);

    internal void Set(ReadOnlySpan<float> weights, WorkerPool pool)
    {
        Forward.Set(weights, pool);
        Backward.SetTransposed(weights, pool);
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
        float offset = layout.Config.Family.GainOffset;
        for (int index = 0; offset != 0 && index < Gain.Length; index++)
        {
            Gain[index] += offset;
        }
    }
}

/// <summary>A projection's matrix and bias, and their places in the gradient.</summary>
internal sealed class TrainedProjection(ParameterLayout layout, WeightPart weight, WeightPart? bias, int layer, int outDim, int inDim)
{
    internal TwoWayMatrix Matrix { get; } = new(outDim, inDim);

    internal Stretch WeightPlace { get; } = layout.Of(weight, layer);

    internal Stretch BiasPlace { get; } = bias is { } part ? layout.Of(part, layer) : default;

    /// <summary>[out], or empty.</summary>
    internal float[] Bias { get; } = new float[bias is { } part ? layout.Of(part, layer).Length : 0];

    internal void Set(FloatBuffer values, WorkerPool pool)
    {
        Matrix.Set(values.Slice(WeightPlace.Start, WeightPlace.Length), pool);
        values.Slice(BiasPlace.Start, BiasPlace.Length).CopyTo(Bias);
    }
}

/// <summary>The weights of one layer.</summary>
internal sealed class TrainedLayer
{
    internal TrainedLayer(ParameterLayout layout, int layer, RopeTable? rope)
    {
        var config = layout.Config;
        Attention = ModelShapes.Attention(config, layer);
        Rope = rope;
        AttentionNorm = new TrainedNorm(layout, WeightPart.AttentionNorm, WeightPart.AttentionNormBias, layer);
        QueryKeyValue = new TrainedProjection(
            layout, WeightPart.QueryKeyValue, WeightPart.QueryKeyValueBias, layer, Attention.RowDim, config.ModelDim);
        QueryNorm = new TrainedNorm(layout, WeightPart.QueryNorm, null, layer);
        KeyNorm = new TrainedNorm(layout, WeightPart.KeyNorm, null, layer);
        Output = new TrainedProjection(layout, WeightPart.Output, WeightPart.OutputBias, layer, config.ModelDim, config.QueryDim);
        AfterAttentionNorm = new TrainedNorm(layout, WeightPart.AfterAttentionNorm, null, layer);
        FeedForwardNorm = new TrainedNorm(layout, WeightPart.FeedForwardNorm, WeightPart.FeedForwardNormBias, layer);
        GateUp = new TrainedProjection(layout, WeightPart.GateUp, WeightPart.GateUpBias, layer, config.GateUpDim, config.ModelDim);
        Down = new TrainedProjection(layout, WeightPart.Down, WeightPart.DownBias, layer, config.ModelDim, config.FeedForwardDim);
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

/// <summary>The weights of a model as the kernels want them, laid out anew after every optimizer step.</summary>
internal sealed class TrainedDecoder
{
    private readonly Stretch _head;

    internal TrainedDecoder(ParameterLayout layout)
    {
        var config = layout.Config;
        var ropes = ModelRope.Tables(config);
        _head = layout.Head;
        Layers = [.. Enumerable.Range(0, config.LayerCount).Select(layer => new TrainedLayer(layout, layer, ropes[layer]))];
        FinalNorm = new TrainedNorm(layout, WeightPart.FinalNorm, WeightPart.FinalNormBias);
        Head = new TwoWayMatrix(config.VocabularySize, config.ModelDim);
    }

    internal IReadOnlyList<TrainedLayer> Layers { get; }

    internal TrainedNorm FinalNorm { get; }

    internal TwoWayMatrix Head { get; }

    internal void Set(FloatBuffer values, WorkerPool pool)
    {
        foreach (var norm in Layers.SelectMany(layer => layer.Norms).Append(FinalNorm))
        {
            norm.Set(values);
        }

        foreach (var projection in Layers.SelectMany(layer => layer.Projections))
        {
            projection.Set(values, pool);
        }

        Head.Set(values.Slice(_head.Start, _head.Length), pool);
    }
}
