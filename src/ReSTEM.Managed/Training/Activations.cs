using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>What the forward pass of one layer keeps for the backward pass.</summary>
internal sealed class LayerActivations
{
    internal LayerActivations(ModelConfig config, int tokens)
    {
        bool hasBranches = config.Family.NormPlacement is not NormPlacement.Before;
        int rowDim = config.QueryDim + (2 * config.KvDim);
        QueryKeyValue = new FloatBuffer(checked(tokens * rowDim));
        Projected = config.Family.QueryKeyNorm is QueryKeyNorm.None ? QueryKeyValue : new FloatBuffer(checked(tokens * rowDim));
        Heads = new FloatBuffer(checked(tokens * config.QueryDim));
        Middle = new FloatBuffer(checked(tokens * config.ModelDim));
        GateUp = new FloatBuffer(checked(tokens * config.GateUpDim));
        AttentionBranch = new FloatBuffer(hasBranches ? checked(tokens * config.ModelDim) : 0);
        FeedForwardBranch = new FloatBuffer(hasBranches ? checked(tokens * config.ModelDim) : 0);
    }

    /// <summary>Queries, keys and values before their norms, [T, (H + 2 K) * Hd]; the same buffer as below where there are none.</summary>
    internal FloatBuffer Projected { get; }

    /// <summary>Queries, keys and values after rotation, [T, (H + 2 K) * Hd].</summary>
    internal FloatBuffer QueryKeyValue { get; }

    /// <summary>Output of the heads, [T, H * Hd].</summary>
    internal FloatBuffer Heads { get; }

    /// <summary>What the attention adds, before the norm after it, [T, D]; empty without such norms.</summary>
    internal FloatBuffer AttentionBranch { get; }

    /// <summary>Residual stream between attention and feed-forward, [T, D].</summary>
    internal FloatBuffer Middle { get; }

    /// <summary>Gates and up-projections, [T, 2 F], or [T, F] without gates.</summary>
    internal FloatBuffer GateUp { get; }

    /// <summary>What the feed-forward layer adds, before the norm after it, [T, D]; empty without such norms.</summary>
    internal FloatBuffer FeedForwardBranch { get; }
}

/// <summary>Memory of a forward and backward pass over a number of tokens.</summary>
internal sealed class Activations
{
    private readonly LayerActivations[] _layers;

    /// <param name="config">Shapes.</param>
    /// <param name="tokens">Most tokens of a pass.</param>
    /// <param name="recomputes">Whether layers share one memory, and are computed again in the backward pass.</param>
    /// <param name="rank">Largest R of an adapted part; 0 without adapters.</param>
    internal Activations(ModelConfig config, int tokens, bool recomputes, int rank)
    {
        Capacity = tokens;
        _layers = [.. Enumerable.Range(0, recomputes ? 1 : config.LayerCount).Select(_ => new LayerActivations(config, tokens))];
        Residual = [.. Enumerable.Range(0, config.LayerCount + 1).Select(_ => new FloatBuffer(checked(tokens * config.ModelDim)))];
        int heads = config.Family.QueryKeyNorm is QueryKeyNorm.None ? 0 : checked(tokens * config.QueryDim);
        bool hasBranches = config.Family.NormPlacement is not NormPlacement.Before;
        Normed = new FloatBuffer(checked(tokens * config.ModelDim));
        NormedGradient = new FloatBuffer(checked(tokens * config.ModelDim));
        BranchGradient = new FloatBuffer(hasBranches ? checked(tokens * config.ModelDim) : 0);
        ResidualGradient = new FloatBuffer(checked(tokens * config.ModelDim));
        QueryKeyValueGradient = new FloatBuffer(checked(tokens * (config.QueryDim + (2 * config.KvDim))));
        HeadsGradient = new FloatBuffer(checked(tokens * config.QueryDim));
        Activated = new FloatBuffer(checked(tokens * config.FeedForwardDim));
        ActivatedGradient = new FloatBuffer(checked(tokens * config.FeedForwardDim));
        GateUpGradient = new FloatBuffer(checked(tokens * config.GateUpDim));
        Scales = new FloatBuffer(tokens * Math.Max(1, heads == 0 ? 1 : config.HeadCount));
        LowRank = new FloatBuffer(checked(tokens * rank));
        NormInput = new FloatBuffer(heads);
        NormOutputGradient = new FloatBuffer(heads);
        NormInputGradient = new FloatBuffer(heads);
    }

    /// <summary>Most tokens of a pass.</summary>
    internal int Capacity { get; }

    /// <summary>Residual stream at the entry of each layer, and after the last, [T, D].</summary>
    internal FloatBuffer[] Residual { get; }

    /// <summary>Output of the norm at hand, [T, D]; computed again in the backward pass.</summary>
    internal FloatBuffer Normed { get; }

    internal FloatBuffer NormedGradient { get; }

    /// <summary>Gradient of what a part adds, where a norm stands between, [T, D].</summary>
    internal FloatBuffer BranchGradient { get; }

    internal FloatBuffer ResidualGradient { get; }

    internal FloatBuffer QueryKeyValueGradient { get; }

    internal FloatBuffer HeadsGradient { get; }

    /// <summary>Output of the activation, [T, F]; computed again in the backward pass.</summary>
    internal FloatBuffer Activated { get; }

    internal FloatBuffer ActivatedGradient { get; }

    internal FloatBuffer GateUpGradient { get; }

    /// <summary>Scale of each row in the norm at hand: a token's, or a head's, [T * H].</summary>
    internal FloatBuffer Scales { get; }

    /// <summary>Between the factors of an adapter, [T, R].</summary>
    internal FloatBuffer LowRank { get; }

    /// <summary>Queries or keys of all tokens side by side, [T, H * Hd]; empty without norms of heads.</summary>
    internal FloatBuffer NormInput { get; }

    internal FloatBuffer NormOutputGradient { get; }

    internal FloatBuffer NormInputGradient { get; }

    internal LayerActivations Of(int layer) => _layers[layer % _layers.Length];
}
