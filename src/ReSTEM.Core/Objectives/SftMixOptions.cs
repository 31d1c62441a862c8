using System.ComponentModel.DataAnnotations;

namespace ReSTEM.Core;

/// <summary>Whose perplexities say how confident a model is of an example.</summary>
public enum ConfidenceSource
{
    /// <summary>
    /// A reference run: the same training without mixing, made first and thrown away; a checkpoint at the end of each of its epochs. It costs as
    /// much as the training itself, and log-probabilities of all examples for each checkpoint.
    /// </summary>
    Reference,

    /// <summary>The base model and the policies of earlier iterations, which are there anyway: only log-probabilities are computed. Iteration 1 has the base model alone.</summary>
    Iterations,
}

/// <summary>
/// SFTMix. Examples are split at the median of their confidence; each confident one is paired with an unconfident one, anew in each epoch, and
/// <c>mu</c> times the cross-entropy of their mixture is added to the loss.
/// </summary>
/// <remarks>
/// Xiao et al. 2024, arXiv:2410.05248, section 3: confidence is <c>-(1/C) sum_c Perp_c(Y|X)</c>; hidden states before the LM head and one-hot targets
/// are interpolated by lambda ~ Beta(alpha, alpha), position by position, up to the shorter completion.
/// </remarks>
public sealed record SftMixOptions
{
    /// <summary>Weight of the mixture's loss beside the negative log-likelihood. 0 is the negative log-likelihood itself, bit for bit: nothing is split or paired.</summary>
    [Range(0.0, 1000.0)]
    public double Mu { get; init; } = 0.2;

    /// <summary>Both parameters of the Beta distribution of the shares. Below 1 most mixtures are nearly one of the two; 1 is uniform; above 1 most are nearly halves.</summary>
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Alpha { get; init; } = 0.5;

    /// <summary>Where the confidence comes from.</summary>
    public ConfidenceSource Confidence { get; init; } = ConfidenceSource.Reference;

    /// <summary>
    /// C, how many checkpoints the confidence is of: epochs of the reference run, or the latest so many of base model and earlier policies. An
    /// iteration that has fewer policies before it takes those, and says so. Without it as many as the training has epochs, or all policies.
    /// </summary>
    [Range(1, 10_000)]
    public int? Checkpoints { get; init; }
}
