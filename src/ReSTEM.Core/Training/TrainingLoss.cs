namespace ReSTEM.Core;

/// <summary>What is added up over the counted tokens of a sequence.</summary>
public enum LossKind
{
    /// <summary>-log p(token | before), in nats.</summary>
    NegativeLogLikelihood,
}

/// <summary>How the losses of a batch's sequences become the loss of its step.</summary>
public enum LossNormalisation
{
    /// <summary><c>sum_s w_s sum_t loss_st / sum_s w_s T_s</c>, with T_s the counted tokens of sequence s.</summary>
    WeightedTokens,

    /// <summary><c>sum_s w_s sum_t loss_st / sum_s w_s</c>: a sequence counts by its weight, however long it is.</summary>
    WeightedSequences,
}

/// <summary>The loss of a training job.</summary>
/// <param name="Kind">Of one token.</param>
/// <param name="Normalisation">Of a batch.</param>
public sealed record TrainingLoss(LossKind Kind, LossNormalisation Normalisation)
{
    /// <summary>Reward-weighted negative log-likelihood.</summary>
    /// <remarks>Equation 5 of arXiv:2312.06585 adds up whole sequences; the mean over tokens is what trainers usually report, and the default here.</remarks>
    public static TrainingLoss WeightedNll { get; } = new(LossKind.NegativeLogLikelihood, LossNormalisation.WeightedTokens);

    /// <summary>
    /// Cross-entropy to a distribution over whole completions: of an example with weights q_k, which add up to 1, it is
    /// <c>-sum_k q_k log p(y_k | x)</c>, the mean of it over the examples of a batch.
    /// </summary>
    public static TrainingLoss SoftTargets { get; } = new(LossKind.NegativeLogLikelihood, LossNormalisation.WeightedSequences);

    /// <summary>
    /// Share e in [0, 1) of each token's target that is spread evenly over the vocabulary of V tokens: the target is
    /// <c>(1 - e) onehot(token) + e / V</c>, and the loss the cross-entropy to it. 0 is the negative log-likelihood itself, bit for bit.
    /// </summary>
    /// <remarks>Szegedy et al. 2016, arXiv:1512.00567, section 7.</remarks>
    public double LabelSmoothing { get; init; }
}
