using System.ComponentModel.DataAnnotations;

namespace ReSTEM.Core;

/// <summary>Which policies an evaluation measures.</summary>
public enum EvaluateAt
{
    /// <summary>The base model and the policy of every iteration.</summary>
    Every,

    /// <summary>The base model and the best iteration only: for transfer sets.</summary>
    Ends,
}

/// <summary>How one problem set is measured.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Samples drawn per problem for pass@k and maj@k; 0 measures greedy only.</summary>
    [Range(0, MajorityVote.MaxDrawn)]
    public int Samples { get; init; } = 8;

    /// <summary>How they are drawn.</summary>
    public SamplingOptions Sampling { get; init; } = new() { Temperature = 0.7, TopK = 40 };

    /// <summary>Every k to report, each at most <see cref="Samples"/>.</summary>
    public IReadOnlyList<int> K { get; init; } = [1, 8];

    /// <summary>Whether one greedy completion per problem is drawn too.</summary>
    public bool Greedy { get; init; } = true;

    /// <summary>Which policies are measured.</summary>
    public EvaluateAt At { get; init; } = EvaluateAt.Every;
}

/// <summary>How the validation reward is measured, at the end of each epoch of an M-step and for the base model.</summary>
public sealed record ValidationOptions
{
    /// <summary>Samples per validation problem.</summary>
    [Range(1, MajorityVote.MaxDrawn)]
    public int Samples { get; init; } = 4;

    /// <summary>How they are drawn. The sampled reward, not the greedy one: early stopping on greedy reward stops too early.</summary>
    public SamplingOptions Sampling { get; init; } = new() { Temperature = 0.7, TopK = 40 };
}
