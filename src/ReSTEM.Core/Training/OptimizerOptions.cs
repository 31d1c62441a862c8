using System.ComponentModel.DataAnnotations;

namespace ReSTEM.Core;

/// <summary>How the learning rate goes on after the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>Stays at its peak.</summary>
    Constant,

    /// <summary>Falls linearly to the final share.</summary>
    Linear,

    /// <summary>Falls along half a cosine to the final share.</summary>
    Cosine,
}

/// <summary>AdamW with warm-up, schedule and clipping.</summary>
/// <remarks>Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2.</remarks>
public sealed record OptimizerOptions
{
    private const double RoundingSlack = 1e-6;

    /// <summary>Peak learning rate, &gt; 0.</summary>
    [Range(0.0, 10.0, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>Steps of linear warm-up from 0; 0 where the warm-up is given as a ratio.</summary>
    [Range(0, int.MaxValue)]
    public int WarmUpSteps { get => WarmUpRatio is null ? field : 0; init; } = 10;

    /// <summary>Share of all steps that are warm-up, rounded up to whole steps, in place of a fixed number of them.</summary>
    [Range(0.0, 1.0)]
    [InPlaceOf(nameof(WarmUpSteps))]
    public double? WarmUpRatio { get; init; }

    /// <summary>What follows the warm-up.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>Learning rate of the last step as a share of the peak, in [0, 1].</summary>
    [Range(0.0, 1.0)]
    public double FinalShare { get; init; } = 0.1;

    /// <summary>Decoupled weight decay, &gt;= 0; norm gains and biases are not decayed.</summary>
    [Range(0.0, 10.0)]
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Decay of the first moment, in [0, 1).</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment, in [0, 1).</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta2 { get; init; } = 0.98;

    /// <summary>Added to the root of the second moment, &gt; 0.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Largest L2 norm of the whole gradient; 0 means no clipping.</summary>
    [Range(0.0, 1e9)]
    public double ClipNorm { get; init; } = 1;

    /// <summary>Sequences per optimizer step; with soft targets examples, each with a sequence for every label that has a share.</summary>
    [Range(1, 1 << 20)]
    public int BatchSequences { get; init; } = 16;

    /// <summary>How the work is cut.</summary>
    [Inline]
    public TrainingSpeed Speed { get; init; } = new();

    /// <summary>Warm-up steps of a job.</summary>
    /// <param name="stepCount">All steps of the job.</param>
    public int WarmUpOf(int stepCount) => WarmUpRatio is { } ratio
        ? (int)Math.Ceiling((ratio * stepCount) - RoundingSlack) // 0.07 of 100 steps is 7, though 0.07 * 100 is a little more
        : WarmUpSteps;
}

/// <summary>How training is cut into passes.</summary>
public sealed record TrainingSpeed : IChangesSpeedOnly
{
    /// <summary>Most tokens in one forward and backward pass; a larger batch is accumulated over several.</summary>
    [Range(1, 1 << 24)]
    public int MicroBatchTokens { get; init; } = 2048;

    /// <summary>
    /// Whether the backward pass computes each layer again, so that its intermediate results are never held for all layers at once:
    /// about a third more time for a fraction of the memory.
    /// </summary>
    public bool RecomputeActivations { get; init; }

    /// <summary>
    /// Least seconds between two commits of the trainer's state; more where a commit would take over a twentieth of the time.
    /// 0 commits after every step.
    /// </summary>
    [Range(0, 86_400)]
    public int CommitSeconds { get; init; } = 60;
}
