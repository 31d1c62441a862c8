using System.ComponentModel.DataAnnotations;

namespace ReSTEM.Core;

/// <summary>What the M-step trains on.</summary>
public enum MStepData
{
    /// <summary>The kept samples: ReST-EM.</summary>
    Kept,

    /// <summary>The problems' own human solutions, or labels, without an E-step: the supervised fine-tuning baseline.</summary>
    Solutions,
}

/// <summary>The weight w(x, y) of a distinct kept completion.</summary>
public enum KeptWeights
{
    /// <summary>Its multiplicity among the kept problem's samples, summing to 1 per problem: nearer to the E-step's q.</summary>
    Count,

    /// <summary>1 for each: the paper.</summary>
    Equal,

    /// <summary>
    /// For problems with labels: its multiplicity times the share of annotators who agree with it, summing to 1 per problem. The reward is then the
    /// expected agreement, in [0, 1]; goes with <c>e_step.keep: any</c>.
    /// </summary>
    Agreement,
}

/// <summary>Where each M-step starts.</summary>
public enum RestartFrom
{
    /// <summary>The base model: ReST-EM.</summary>
    Base,

    /// <summary>The policy of the previous iteration: ReST.</summary>
    Previous,
}

/// <summary>The M-step: reward-weighted maximum likelihood on what was kept.</summary>
/// <remarks>Singh et al. 2023, arXiv:2312.06585, section 3, equation 5 and algorithm 1.</remarks>
public sealed record MStepOptions
{
    /// <summary>What to train on.</summary>
    public MStepData Data { get; init; } = MStepData.Kept;

    /// <summary>Weight of each distinct completion.</summary>
    public KeptWeights Weights { get; init; } = KeptWeights.Count;

    /// <summary>
    /// Label smoothing: share of each token's target that is spread evenly over the vocabulary. The loss that is shown is the cross-entropy to that
    /// target. Absent, or 0, for the tokens themselves.
    /// </summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double? LabelSmoothing { get; init; }

    /// <summary>What is minimised; absent the negative log-likelihood, and nothing besides.</summary>
    public ObjectiveOptions? Objective { get; init; }

    /// <summary>Where to start.</summary>
    public RestartFrom Restart { get; init; } = RestartFrom.Base;

    /// <summary>True trains on the kept samples of this and all earlier iterations together.</summary>
    public bool Accumulate { get; init; }

    /// <summary>Passes over the kept samples.</summary>
    [Range(1, 10_000)]
    public int Epochs { get; init; } = 3;

    /// <summary>Epochs without a better validation reward after which training stops; 0 never stops early. The best epoch is kept in any case.</summary>
    [Range(0, 10_000)]
    public int Patience { get; init; }

    /// <summary>Trains a low-rank adapter in place of the weights; absent for full fine-tuning, as in the paper.</summary>
    public AdapterOptions? Adapter { get; init; }

    /// <summary>Another program that trains, on this machine or others; absent for the engine. docs/scale.md has the contract.</summary>
    public TrainerOptions? Trainer { get; init; }

    /// <summary>Optimizer settings.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();
}
