namespace ReSTEM.Models;

/// <summary>Shapes and constants of a decoder-only transformer, as its <c>config.json</c> states them.</summary>
/// <remarks>Shape legend: D model dim, H query heads, K KV heads, Hd head dim, F feed-forward dim, V vocabulary, L layers.</remarks>
public sealed record ModelConfig
{
    /// <summary>Which family of layers.</summary>
    public required ModelArchitecture Architecture { get; init; }

    /// <summary>D, the width of the residual stream.</summary>
    public required int ModelDim { get; init; }

    /// <summary>L.</summary>
    public required int LayerCount { get; init; }

    /// <summary>H.</summary>
    public required int HeadCount { get; init; }

    /// <summary>K, a divisor of H: each KV head serves H / K neighbouring query heads.</summary>
    public required int KvHeadCount { get; init; }

    /// <summary>Hd, even; H * Hd need not be D.</summary>
    public required int HeadDim { get; init; }

    /// <summary>F, the width inside the gated feed-forward layer.</summary>
    public required int FeedForwardDim { get; init; }

    /// <summary>V.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Most tokens of prompt and completion together.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Added under the root of every RMSNorm.</summary>
    public required float NormEpsilon { get; init; }

    /// <summary>Base of the rotary embedding's wavelengths.</summary>
    public required double RopeTheta { get; init; }

    /// <summary>Null where the rotary embedding is not scaled.</summary>
    public RopeScalingConfig? RopeScaling { get; init; }

    /// <summary>Whether the LM head is the embedding matrix.</summary>
    public required bool TiedEmbeddings { get; init; }

    /// <summary>The token that begins a text, or null.</summary>
    public int? BeginTokenId { get; init; }

    /// <summary>Tokens that end a completion; the first is the one to train on. May be empty.</summary>
    public IReadOnlyList<int> EndTokenIds { get; init; } = [];

    /// <summary>Width of all query heads together, H * Hd.</summary>
    public int QueryDim => HeadCount * HeadDim;

    /// <summary>Width of all key (or value) heads together, K * Hd.</summary>
    public int KvDim => KvHeadCount * HeadDim;

    /// <summary>Whether query, key and value projections have biases.</summary>
    public bool HasQueryKeyValueBias => Architecture is ModelArchitecture.Qwen2;
}
