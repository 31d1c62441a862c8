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

/// <summary>What follows where an iteration's policy is significantly worse on the validation problems than the best policy before it.</summary>
public enum WhenWorse
{
    /// <summary>The next E-step samples the new policy all the same.</summary>
    Continue,

    /// <summary>The next E-step samples the best policy before it, with other random numbers; so does a <c>restart: previous</c>.</summary>
    RollBack,

    /// <summary>The run ends after this iteration.</summary>
    Stop,
}

/// <summary>What follows where an iteration's policy is not significantly better on the validation problems than the best policy before it.</summary>
public enum WhenNotBetter
{
    /// <summary>The next iteration follows.</summary>
    Continue,

    /// <summary>The run ends after this iteration.</summary>
    Stop,
}

/// <summary>How the validation reward is measured, at the end of each epoch of an M-step and for the base model, and what is decided by it.</summary>
public sealed record ValidationOptions
{
    /// <summary>Samples per validation problem.</summary>
    [Range(1, MajorityVote.MaxDrawn)]
    public int Samples { get; init; } = 4;

    /// <summary>How they are drawn. The sampled reward, not the greedy one: early stopping on greedy reward stops too early.</summary>
    public SamplingOptions Sampling { get; init; } = new() { Temperature = 0.7, TopK = 40 };

    /// <summary>What follows where a test paired by problem finds an iteration worse than the best one before it, the base model among them.</summary>
    public WhenWorse WhenWorse { get; init; } = WhenWorse.Continue;

    /// <summary>What follows where the same test does not find it better.</summary>
    public WhenNotBetter WhenNotBetter { get; init; } = WhenNotBetter.Continue;

    /// <summary>Two-sided p-value below which the test decides.</summary>
    [Range(0.001, 0.5)]
    public double Level { get; init; } = 0.05;

    /// <summary>Whether anything follows from the test.</summary>
    public bool Decides => WhenWorse is not WhenWorse.Continue || WhenNotBetter is not WhenNotBetter.Continue;
}
