namespace ReSTEM.Models;

/// <summary>The weights of one decoder layer.</summary>
/// <param name="AttentionNorm">Gain before the attention, [D].</param>
/// <param name="Query">[H * Hd, D].</param>
/// <param name="Key">[K * Hd, D].</param>
/// <param name="Value">[K * Hd, D].</param>
/// <param name="QueryBias">[H * Hd], or null.</param>
/// <param name="KeyBias">[K * Hd], or null.</param>
/// <param name="ValueBias">[K * Hd], or null.</param>
/// <param name="Output">From the heads back to the residual stream, [D, H * Hd].</param>
/// <param name="FeedForwardNorm">Gain before the feed-forward layer, [D].</param>
/// <param name="Gate">[F, D].</param>
/// <param name="Up">[F, D].</param>
/// <param name="Down">[D, F].</param>
public sealed record LayerWeights(
    WeightTensor AttentionNorm,
    WeightTensor Query,
    WeightTensor Key,
    WeightTensor Value,
    WeightTensor? QueryBias,
    WeightTensor? KeyBias,
    WeightTensor? ValueBias,
    WeightTensor Output,
    WeightTensor FeedForwardNorm,
    WeightTensor Gate,
    WeightTensor Up,
    WeightTensor Down);
