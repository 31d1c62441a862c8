using System.Collections.Immutable;
using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>How far a job is.</summary>
/// <param name="Job">The parts of the job's identity.</param>
/// <param name="Steps">All steps done so far, in order.</param>
/// <param name="Measures">
/// Validation measure by epoch, from epoch 1. After a crash they may be those of epochs whose steps are to be done again.
/// </param>
/// <param name="BestEpoch">The first epoch with the largest measure; 0 before the first.</param>
internal sealed record TrainingProgress(
    IReadOnlyDictionary<string, string> Job, ImmutableList<TrainingStep> Steps, ImmutableList<double> Measures, int BestEpoch)
{
    internal static TrainingProgress None(RunIdentity job) => new(job.Parts, [], [], 0);

    internal TrainingProgress With(TrainingStep step) => this with { Steps = Steps.Add(step) };

    /// <summary>Adds the measure of the next epoch.</summary>
    internal TrainingProgress With(double measure) => this with
    {
        Measures = Measures.Add(measure),
        BestEpoch = IsBest(measure) ? Measures.Count + 1 : BestEpoch,
    };

    /// <summary>What was known when no more than the first <paramref name="steps"/> steps were done, and all measures.</summary>
    internal TrainingProgress UpTo(int steps) => this with { Steps = Steps.GetRange(0, steps) };

    /// <summary>Whether a measure is better than all before.</summary>
    internal bool IsBest(double measure) => BestEpoch == 0 || measure > Measures[BestEpoch - 1];
}

/// <summary>What <c>training.json</c> in a finished model's folder says.</summary>
/// <param name="Job">The parts of the job's identity.</param>
/// <param name="Result">What the job gave.</param>
/// <param name="Steps">All its steps, in order.</param>
public sealed record TrainingRecord(
    IReadOnlyDictionary<string, string> Job, TrainingResult Result, ImmutableList<TrainingStep> Steps);
