namespace ReSTEM.Models;

/// <summary>
/// A family of published decoders: what its layers do in their own way, as data. There is one decoder, which reads this; a new
/// family is one more entry of <see cref="DecoderFamilies"/>.
/// </summary>
public sealed record DecoderFamily
{
    /// <summary><c>model_type</c> of its <c>config.json</c>.</summary>
    public required string ModelType { get; init; }

    /// <summary>The class of the reference implementation, as <c>architectures</c> names it.</summary>
    public required string ClassName { get; init; }

    /// <summary>How rows are normalised.</summary>
    public NormKind Norm { get; init; } = NormKind.Rms;

    /// <summary>What is added to a stored gain: 1 where gains are stored as their difference from 1.</summary>
    public float GainOffset { get; init; }

    /// <summary>Where the norms of a layer stand.</summary>
    public NormPlacement NormPlacement { get; init; } = NormPlacement.Before;

    /// <summary>Whether, and over what, queries and keys are normalised before the rotation.</summary>
    public QueryKeyNorm QueryKeyNorm { get; init; } = QueryKeyNorm.None;

    /// <summary>Whether the feed-forward layer multiplies the activation with a second projection.</summary>
    public bool IsGated { get; init; } = true;

    /// <summary>Whether positions are learned vectors added to the embedding, in place of a rotation.</summary>
    public bool HasLearnedPositions { get; init; }

    /// <summary>Whether embeddings are multiplied by sqrt(D).</summary>
    public bool ScalesEmbeddings { get; init; }

    /// <summary>Biases that every model of the family has.</summary>
    internal ProjectionBiases Biases { get; init; }

    /// <summary>Whether the keys <c>attention_bias</c> and <c>mlp_bias</c> are read; else they must be false.</summary>
    internal bool HasBiasKeys { get; init; }

    /// <summary>Names of the keys for shapes.</summary>
    internal ConfigKeys Keys { get; init; } = ConfigKeys.Usual;

    /// <summary>Names of the stored tensors.</summary>
    internal TensorNames Names { get; init; } = TensorNames.Llama;

    /// <summary>Keys that name the activation; the first that is present counts.</summary>
    internal string[] ActivationKeys { get; init; } = ["hidden_act"];

    /// <summary>The activation where no key names one.</summary>
    internal string DefaultActivation { get; init; } = "silu";

    /// <summary>The value of <c>tie_word_embeddings</c> where it is absent.</summary>
    internal bool IsTiedByDefault { get; init; }

    /// <summary>Hd where the key is absent; null for D / H.</summary>
    internal int? DefaultHeadDim { get; init; }

    internal double DefaultEpsilon { get; init; } = 1e-6;

    internal double DefaultTheta { get; init; } = 10_000;

    /// <summary>Base of the rotary embedding of windowed layers, where they have their own; null where all layers share one.</summary>
    internal double? DefaultLocalTheta { get; init; }

    /// <summary>Whether scores are scaled by <c>query_pre_attn_scalar ^ -1/2</c> in place of <c>Hd ^ -1/2</c>.</summary>
    internal bool HasQueryScalar { get; init; }

    /// <summary>Caps of attention scores and logits where their keys are absent; null where the family has no such keys.</summary>
    internal (double Scores, double Logits)? DefaultSoftcaps { get; init; }

    /// <summary>Which layers see a window only.</summary>
    internal WindowRule Windows { get; init; } = WindowRule.None;

    /// <summary>The window where <c>sliding_window</c> is absent; null for none.</summary>
    internal int? DefaultWindow { get; init; }

    /// <summary>Whether <c>partial_rotary_factor</c> is read; else it must be 1.</summary>
    internal bool HasPartialRotation { get; init; }

    /// <inheritdoc/>
    public override string ToString() => ModelType;
}

/// <summary>How rows are normalised.</summary>
public enum NormKind
{
    /// <summary>By the root of the mean square, with a gain (Zhang and Sennrich 2019, arXiv:1910.07467).</summary>
    Rms,

    /// <summary>By mean and variance, with gain and bias (Ba et al. 2016, arXiv:1607.06450).</summary>
    Layer,
}

/// <summary>Where the norms of a layer stand.</summary>
public enum NormPlacement
{
    /// <summary><c>x + f(norm(x))</c>.</summary>
    Before,

    /// <summary><c>x + norm(f(norm(x)))</c>.</summary>
    Around,

    /// <summary><c>x + norm(f(x))</c>.</summary>
    After,
}

/// <summary>Over what queries and keys are normalised.</summary>
public enum QueryKeyNorm
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Each head for itself; all heads share a gain of [Hd].</summary>
    PerHead,

    /// <summary>All heads of a token together; the gains are [H * Hd] and [K * Hd].</summary>
    Whole,
}

/// <summary>Projections that have biases.</summary>
[Flags]
public enum ProjectionBiases
{
    /// <summary>None has.</summary>
    None = 0,

    /// <summary>Query, key and value.</summary>
    QueryKeyValue = 1,

    /// <summary>From the heads back to the residual stream.</summary>
    Output = 2,

    /// <summary>Both sides of the feed-forward layer.</summary>
    FeedForward = 4,
}

/// <summary>The activation of the feed-forward layer.</summary>
public enum Activation
{
    /// <summary><c>x sigmoid(x)</c>.</summary>
    Silu,

    /// <summary><c>x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))</c> (Hendrycks and Gimpel 2016, arXiv:1606.08415).</summary>
    GeluTanh,
}

/// <summary>Which layers see a window of positions only.</summary>
internal enum WindowRule
{
    /// <summary>None does.</summary>
    None,

    /// <summary>All do, if a window is given.</summary>
    All,

    /// <summary>With <c>use_sliding_window</c>, those from <c>max_window_layers</c> on.</summary>
    Last,

    /// <summary>Those of even number.</summary>
    Alternating,

    /// <summary>All but every <c>sliding_window_pattern</c>-th.</summary>
    AllButEvery,
}
