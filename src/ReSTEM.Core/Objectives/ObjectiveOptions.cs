namespace ReSTEM.Core;

/// <summary>What is minimised over the data.</summary>
public enum ObjectiveKind
{
    /// <summary>The weighted negative log-likelihood of what is trained on.</summary>
    Nll,

    /// <summary>
    /// Of problems with labels the cross-entropy to their distributions: <c>-sum_k q_k log p(label_k | x)</c>, with the tokens of what the model
    /// says for label k and the end token. It is KL(q || p) and the entropy of q. Needs <c>data: solutions</c>: there is no E-step.
    /// </summary>
    SoftTargets,
}

/// <summary>What the loss of a batch is divided by.</summary>
public enum LossMean
{
    /// <summary>The weighted count of its tokens that count: a long completion counts more than a short one of the same weight.</summary>
    Tokens,

    /// <summary>The sum of its weights: every completion, or every example of soft targets, counts by its weight, however long.</summary>
    Sequences,
}

/// <summary>What is minimised: absent the negative log-likelihood, and nothing besides.</summary>
[ShortForm(nameof(Kind))]
public sealed record ObjectiveOptions
{
    /// <summary>What is minimised over the data; nll where it is not given.</summary>
    public ObjectiveKind? Kind { get; init; }

    /// <summary>What the loss of a batch is divided by; without it sequences for soft_targets, tokens for nll.</summary>
    public LossMean? MeanOver { get; init; }

    /// <summary>Adds the regulariser of SFTMix: confident examples are mixed with unconfident ones.</summary>
    public SftMixOptions? Sftmix { get; init; }

    /// <summary>Whether the targets are distributions.</summary>
    public bool HasSoftTargets => Kind is ObjectiveKind.SoftTargets;

    /// <summary>The loss that options ask for.</summary>
    /// <param name="options">Null for the negative log-likelihood.</param>
    /// <param name="labelSmoothing">Null for none.</param>
    public static TrainingLoss LossOf(ObjectiveOptions? options, double? labelSmoothing)
    {
        TrainingLoss loss = options is { HasSoftTargets: true } ? TrainingLoss.SoftTargets : TrainingLoss.WeightedNll;
        return loss with
        {
            Normalisation = options?.MeanOver switch
            {
                LossMean.Tokens => LossNormalisation.WeightedTokens,
                LossMean.Sequences => LossNormalisation.WeightedSequences,
                _ => loss.Normalisation,
            },
            LabelSmoothing = labelSmoothing ?? 0,
        };
    }

    /// <summary>The regulariser that has an effect; null for none.</summary>
    public SftMixOptions? Mixup => Sftmix is { Mu: > 0 } mixup ? mixup : null;
}
