namespace ReSTEM.Models;

/// <summary>What a tensor does in the decoder. Matrices are [out, in]; neighbours that are multiplied at once are one part, stacked.</summary>
public enum WeightPart
{
    /// <summary>Token embedding, [V, D].</summary>
    Embedding,

    /// <summary>Learned positions, [context, D].</summary>
    Positions,

    /// <summary>Gain before the attention, [D].</summary>
    AttentionNorm,

    /// <summary>[D].</summary>
    AttentionNormBias,

    /// <summary>Query, key and value projections, [(H + 2 K) * Hd, D].</summary>
    QueryKeyValue,

    /// <summary>[(H + 2 K) * Hd].</summary>
    QueryKeyValueBias,

    /// <summary>Gain of query heads, [Hd] or [H * Hd].</summary>
    QueryNorm,

    /// <summary>Gain of key heads, [Hd] or [K * Hd].</summary>
    KeyNorm,

    /// <summary>From the heads back to the residual stream, [D, H * Hd].</summary>
    Output,

    /// <summary>[D].</summary>
    OutputBias,

    /// <summary>Gain on what the attention adds, [D].</summary>
    AfterAttentionNorm,

    /// <summary>Gain before the feed-forward layer, [D].</summary>
    FeedForwardNorm,

    /// <summary>[D].</summary>
    FeedForwardNormBias,

    /// <summary>Gate and up-projection, [2 F, D]; without a gate [F, D].</summary>
    GateUp,

    /// <summary>[2 F] or [F].</summary>
    GateUpBias,

    /// <summary>[D, F].</summary>
    Down,

    /// <summary>[D].</summary>
    DownBias,

    /// <summary>Gain on what the feed-forward layer adds, [D].</summary>
    AfterFeedForwardNorm,

    /// <summary>Gain before the LM head, [D].</summary>
    FinalNorm,

    /// <summary>[D].</summary>
    FinalNormBias,

    /// <summary>LM head, [V, D]; not stored where it is the embedding.</summary>
    Head,
}
