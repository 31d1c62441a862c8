namespace ReSTEM.Models;

/// <summary>Names of the keys of <c>config.json</c> that state shapes.</summary>
internal sealed record ConfigKeys
{
    internal static ConfigKeys Usual { get; } = new();

    internal static ConfigKeys Gpt2 { get; } = new()
    {
        ModelDim = "n_embd",
        LayerCount = "n_layer",
        HeadCount = "n_head",
        KvHeadCount = null,
        HeadDim = null,
        FeedForwardDim = "n_inner",
        FeedForwardRatio = 4,
        ContextLength = "n_positions",
        Epsilon = "layer_norm_epsilon",
    };

    internal string ModelDim { get; private init; } = "hidden_size";

    internal string LayerCount { get; private init; } = "num_hidden_layers";

    internal string HeadCount { get; private init; } = "num_attention_heads";

    /// <summary>Null where every head has its own keys.</summary>
    internal string? KvHeadCount { get; private init; } = "num_key_value_heads";

    /// <summary>Null where it is D / H.</summary>
    internal string? HeadDim { get; private init; } = "head_dim";

    internal string FeedForwardDim { get; private init; } = "intermediate_size";

    /// <summary>F / D where the key is absent; null where it must be there.</summary>
    internal int? FeedForwardRatio { get; private init; }

    internal string ContextLength { get; private init; } = "max_position_embeddings";

    internal string Epsilon { get; private init; } = "rms_norm_eps";
}
