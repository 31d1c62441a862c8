using System.ComponentModel.DataAnnotations;

namespace ReSTEM.Core;

/// <summary>Which judged samples the M-step may see.</summary>
public enum KeepRule
{
    /// <summary>Those with reward 1: ReST-EM.</summary>
    Correct,

    /// <summary>All finished ones, right or wrong: the control that shows what the reward does.</summary>
    Any,
}

/// <summary>The E-step: how many completions are drawn per training problem, how, and which are kept.</summary>
/// <remarks>Singh et al. 2023, arXiv:2312.06585, section 4 and appendix: 32 samples, temperature 0.7, top-k 40, at most 10 kept.</remarks>
public sealed record EStepOptions
{
    /// <summary>Completions drawn per problem, N.</summary>
    [Range(1, 1 << 20)]
    public int Samples { get; init; } = 32;

    /// <summary>How they are drawn.</summary>
    public SamplingOptions Sampling { get; init; } = new() { Temperature = 0.7, TopK = 40 };

    /// <summary>Which samples are kept.</summary>
    public KeepRule Keep { get; init; } = KeepRule.Correct;

    /// <summary>Most distinct completions kept per problem, chosen at random.</summary>
    [Range(1, 1 << 20)]
    public int KeepLimit { get; init; } = 10;

    /// <summary>
    /// With verifier.annotators: only samples on whose verdict so large a share of all verifiers agrees are kept, and seen by the M-step. Absent keeps by the run's own verifier alone.
    /// </summary>
    [Range(0.5, 1.0)]
    public double? Agreement { get; init; }

    /// <summary>Folder of a model to sample from in every iteration instead of the latest policy (distillation); empty for self-training.</summary>
    [Place]
    public string Policy { get; init; } = "";
}
