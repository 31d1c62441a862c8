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

/// <summary>The matrices of one layer.</summary>
internal sealed class TrainedLayer(ModelConfig config)
{
    internal TwoWayMatrix QueryKeyValue { get; } = new(config.QueryDim + (2 * config.KvDim), config.ModelDim);

    internal TwoWayMatrix Output { get; } = new(config.ModelDim, config.QueryDim);

    internal TwoWayMatrix GateUp { get; } = new(2 * config.FeedForwardDim, config.ModelDim);

    internal TwoWayMatrix Down { get; } = new(config.ModelDim, config.FeedForwardDim);
}

/// <summary>The matrices of a model, packed anew after every optimizer step.</summary>
internal sealed class TrainedDecoder
{
    private readonly ParameterLayout _layout;

    internal TrainedDecoder(ParameterLayout layout)
    {
        _layout = layout;
        Layers = [.. layout.Layers.Select(_ => new TrainedLayer(layout.Config))];
        Head = new TwoWayMatrix(layout.Config.VocabularySize, layout.Config.ModelDim);
    }

    internal IReadOnlyList<TrainedLayer> Layers { get; }

    internal TwoWayMatrix Head { get; }

    internal void Set(FloatBuffer values, WorkerPool pool)
    {
        for (int layer = 0; layer < Layers.Count; layer++)
        {
            var place = _layout.Layers[layer];
            Layers[layer].QueryKeyValue.Set(At(place.QueryKeyValue), pool);
            Layers[layer].Output.Set(At(place.Output), pool);
            Layers[layer].GateUp.Set(At(place.GateUp), pool);
            Layers[layer].Down.Set(At(place.Down), pool);
        }

        Head.Set(At(_layout.Head), pool);

        ReadOnlySpan<float> At(Stretch place) => values.Slice(place.Start, place.Length);
    }
}
