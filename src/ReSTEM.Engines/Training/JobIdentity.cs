using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>Everything that the bits of a job's result depend on. What only changes speed or memory is left out.</summary>
public static class JobIdentity
{
    /// <summary>The identity of a job on an engine. The epoch that it stops after is no part of it: the state is the same.</summary>
    /// <param name="job">The job.</param>
    /// <param name="engine">What trains.</param>
    public static RunIdentity Of(TrainingJob job, EngineFingerprint engine)
    {
        var optimizer = job.Optimizer;
        var identity = RunIdentity.Empty
            .With(engine)
            .With("base weights", job.Base.Sha256)
            .With("base configuration", ContentDigest.OfFile(Path.Combine(job.Base.Folder, "config.json")))
            .With("sequences", $"{job.Sequences.Count} with SHA-256 {ContentDigest.Of(job.Sequences)}")
            .With("loss", $"{job.Loss.Kind} by {job.Loss.Normalisation}{Smoothing(job.Loss)}")
            .With("optimizer", string.Create(
                CultureInfo.InvariantCulture,
                $"rate {optimizer.LearningRate:R} warm-up {WarmUp(optimizer)} {optimizer.Schedule} to {optimizer.FinalShare:R} decay {optimizer.WeightDecay:R} betas {optimizer.Beta1:R} {optimizer.Beta2:R} epsilon {optimizer.Epsilon:R} clip {optimizer.ClipNorm:R} batch {optimizer.BatchSequences}"))
            .With("epochs", job.Epochs.ToString(CultureInfo.InvariantCulture))
            .With("order", job.Shuffle ? $"random {job.Random.Block(0)}" : "as given")
            .With("validation", job.Validate is null ? "none" : $"patience {job.Patience}");
        identity = job.Mixup is not { Options.Mu: > 0 } mixup ? identity : identity.With("mixup", string.Create(
            CultureInfo.InvariantCulture,
            $"mu {mixup.Options.Mu:R} alpha {mixup.Options.Alpha:R} of halves {mixup.Split.Digest} with shares from {mixup.Random.Block(0)}"));
        identity = job.Base.Adapter is { } before ? identity.With("base adapter", before.Sha256) : identity;
        return job.Adapter is not { } adapter ? identity : identity.With("adapter", string.Create(
            CultureInfo.InvariantCulture,
            $"rank {adapter.Options.Rank} alpha {adapter.Options.EffectiveAlpha:R} on {string.Join(' ', adapter.Options.TargetModules)} from {adapter.Random.Block(0)}{(adapter.Options.Merged ? "" : ", validated unmerged")}"));
    }

    private static string Smoothing(TrainingLoss loss) =>
        loss.LabelSmoothing > 0 ? string.Create(CultureInfo.InvariantCulture, $", labels smoothed by {loss.LabelSmoothing:R}") : "";

    private static string WarmUp(OptimizerOptions optimizer) => string.Create(
        CultureInfo.InvariantCulture, $"{(optimizer.WarmUpRatio is { } ratio ? $"{ratio:R} of all" : $"{optimizer.WarmUpSteps}")}");
}
