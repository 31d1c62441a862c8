namespace ReSTEM.Models;

/// <summary>Shapes and constants of a decoder-only transformer, as its <c>config.json</c> states them.</summary>
/// <remarks>Shape legend: D model dim, H query heads, K KV heads, Hd head dim, F feed-forward dim, V vocabulary, L layers.</remarks>
public sealed record ModelConfig
{
    /// <summary>What its layers do in their own way.</summary>
    public required DecoderFamily Family { get; init; }

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

    /// <summary>F, the width inside the feed-forward layer.</summary>
    public required int FeedForwardDim { get; init; }

    /// <summary>V.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Most tokens of prompt and completion together.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Added under the root of every norm.</summary>
    public required float NormEpsilon { get; init; }

    /// <summary>The rotary embedding; null where positions are learned vectors.</summary>
    public required RopeConfig? Rope { get; init; }

    /// <summary>The rotary embedding of layers that see a window, where it is another.</summary>
    public RopeConfig? LocalRope { get; init; }

    /// <summary>For each layer how many positions one sees, itself included; 0 for all. Empty where all layers see all.</summary>
    public IReadOnlyList<int> Windows { get; init; } = [];

    /// <summary>The factor on query times key; 0 for 1 / sqrt(Hd).</summary>
    public float AttentionScale { get; init; }

    /// <summary>Scores s become <c>cap tanh(s / cap)</c>; 0 for as they are.</summary>
    public float ScoreCap { get; init; }

    /// <summary>Logits l become <c>cap tanh(l / cap)</c>; 0 for as they are.</summary>
    public float LogitCap { get; init; }

    /// <summary>The activation of the feed-forward layer.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>Projections that have biases.</summary>
    public ProjectionBiases Biases { get; init; }

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

    /// <summary>Width of the first projection of the feed-forward layer: 2 F with a gate.</summary>
    public int GateUpDim => Family.IsGated ? 2 * FeedForwardDim : FeedForwardDim;

    /// <summary>Positions that a layer's tokens see, themselves included; 0 for all.</summary>
    public int WindowOf(int layer) => Windows.Count == 0 ? 0 : Windows[layer];

    /// <summary>The rotary embedding of a layer.</summary>
    public RopeConfig? RopeOf(int layer) => WindowOf(layer) > 0 && LocalRope is { } local ? local : Rope;
}
