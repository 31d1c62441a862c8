using ReSTEM.Core;

namespace ReSTEM.Managed;

/// <summary>How far a job is.</summary>
/// <param name="Job">The job's fingerprint.</param>
/// <param name="Steps">All steps done so far, in order.</param>
/// <param name="Measures">Validation measure by epoch, from epoch 1.</param>
/// <param name="BestEpoch">The first epoch with the largest measure; 0 before the first.</param>
internal sealed record TrainingProgress(
    SortedDictionary<string, string> Job, List<TrainingStep> Steps, List<double> Measures, int BestEpoch);

/// <summary>What <c>training.json</c> in a finished model's folder says.</summary>
/// <param name="Job">The job's fingerprint.</param>
/// <param name="Result">What the job gave.</param>
/// <param name="Steps">All its steps, in order.</param>
internal sealed record TrainingRecord(SortedDictionary<string, string> Job, TrainingResult Result, List<TrainingStep> Steps);
