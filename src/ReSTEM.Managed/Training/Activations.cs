using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>What the forward pass of one layer keeps for the backward pass.</summary>
internal sealed class LayerActivations(ModelConfig config, int tokens)
{
    /// <summary>Residual stream at the layer's entry, [T, D].</summary>
    internal FloatBuffer Input { get; } = new(checked(tokens * config.ModelDim));

    /// <summary>Queries, keys and values after rotation, [T, (H + 2 K) * Hd].</summary>
    internal FloatBuffer QueryKeyValue { get; } = new(checked(tokens * (config.QueryDim + (2 * config.KvDim))));

    /// <summary>Output of the heads, [T, H * Hd].</summary>
    internal FloatBuffer Heads { get; } = new(checked(tokens * config.QueryDim));

    /// <summary>Residual stream between attention and feed-forward, [T, D].</summary>
    internal FloatBuffer Middle { get; } = new(checked(tokens * config.ModelDim));

    /// <summary>Gates and up-projections, [T, 2 F].</summary>
    internal FloatBuffer GateUp { get; } = new(checked(tokens * 2 * config.FeedForwardDim));
}

/// <summary>Memory of a forward and backward pass over a number of tokens.</summary>
internal sealed class Activations
{
    internal Activations(ModelConfig config, int tokens)
    {
        Capacity = tokens;
        Layers = [.. Enumerable.Range(0, config.LayerCount).Select(_ => new LayerActivations(config, tokens))];
        Final = new FloatBuffer(checked(tokens * config.ModelDim));
        Normed = new FloatBuffer(checked(tokens * config.ModelDim));
        NormedGradient = new FloatBuffer(checked(tokens * config.ModelDim));
        ResidualGradient = new FloatBuffer(checked(tokens * config.ModelDim));
        QueryKeyValueGradient = new FloatBuffer(checked(tokens * (config.QueryDim + (2 * config.KvDim))));
        HeadsGradient = new FloatBuffer(checked(tokens * config.QueryDim));
        Activated = new FloatBuffer(checked(tokens * config.FeedForwardDim));
        ActivatedGradient = new FloatBuffer(checked(tokens * config.FeedForwardDim));
        GateUpGradient = new FloatBuffer(checked(tokens * 2 * config.FeedForwardDim));
        Scales = new FloatBuffer(tokens);
    }

    /// <summary>Most tokens of a pass.</summary>
    internal int Capacity { get; }

    internal IReadOnlyList<LayerActivations> Layers { get; }

    /// <summary>Residual stream after the last layer, [T, D].</summary>
    internal FloatBuffer Final { get; }

    /// <summary>Output of the norm at hand, [T, D]; computed again in the backward pass.</summary>
    internal FloatBuffer Normed { get; }

    internal FloatBuffer NormedGradient { get; }

    internal FloatBuffer ResidualGradient { get; }

    internal FloatBuffer QueryKeyValueGradient { get; }

    internal FloatBuffer HeadsGradient { get; }

    /// <summary>Output of the gate, [T, F]; computed again in the backward pass.</summary>
    internal FloatBuffer Activated { get; }

    internal FloatBuffer ActivatedGradient { get; }

    internal FloatBuffer GateUpGradient { get; }

    /// <summary>Scale of each token in the norm at hand, [T].</summary>
    internal FloatBuffer Scales { get; }
}
