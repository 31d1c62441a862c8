using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>Refuses jobs that cannot be run, before anything is computed.</summary>
public static class JobLimits
{
    /// <summary>Refuses options out of range, and nothing to train on.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or there is nothing to train on.</exception>
    public static void ThrowUnlessValid(TrainingJob job)
    {
        var optimizer = job.Optimizer;
        Require(job.Sequences.Count > 0, "Sequences.Count", job.Sequences.Count, "at least 1");
        Require(job.Loss.Kind is LossKind.NegativeLogLikelihood, "Loss.Kind", job.Loss.Kind, nameof(LossKind.NegativeLogLikelihood));
        Require(Enum.IsDefined(job.Loss.Normalisation), "Loss.Normalisation", job.Loss.Normalisation, $"{LossNormalisation.WeightedTokens} or {LossNormalisation.WeightedSequences}");
        Require(job.Loss.LabelSmoothing is >= 0 and < 1, nameof(job.Loss.LabelSmoothing), job.Loss.LabelSmoothing, "in [0, 1)");
        Require(job.Epochs >= 1, nameof(job.Epochs), job.Epochs, "at least 1");
        Require(job.UntilEpoch is null || (job.UntilEpoch >= 1 && job.UntilEpoch <= job.Epochs), nameof(job.UntilEpoch), job.UntilEpoch ?? 0, $"1 to {job.Epochs} (Epochs)");
        Require(job.UntilEpoch is null || job.Validate is null, nameof(job.UntilEpoch), job.UntilEpoch ?? 0, "none with Validate, which chooses among all epochs");
        Require(job.Patience >= 0, nameof(job.Patience), job.Patience, "at least 0");
        Require(optimizer.LearningRate > 0, nameof(optimizer.LearningRate), optimizer.LearningRate, "> 0");
        Require(optimizer.WarmUpSteps >= 0, nameof(optimizer.WarmUpSteps), optimizer.WarmUpSteps, "at least 0");
        Require(optimizer.WarmUpRatio is null or (>= 0 and <= 1), nameof(optimizer.WarmUpRatio), optimizer.WarmUpRatio ?? 0, "in [0, 1]");
        Require(optimizer.FinalShare is >= 0 and <= 1, nameof(optimizer.FinalShare), optimizer.FinalShare, "in [0, 1]");
        Require(optimizer.WeightDecay >= 0, nameof(optimizer.WeightDecay), optimizer.WeightDecay, "at least 0");
        Require(optimizer.Beta1 is >= 0 and < 1, nameof(optimizer.Beta1), optimizer.Beta1, "in [0, 1)");
        Require(optimizer.Beta2 is >= 0 and < 1, nameof(optimizer.Beta2), optimizer.Beta2, "in [0, 1)");
        Require(optimizer.Epsilon > 0, nameof(optimizer.Epsilon), optimizer.Epsilon, "> 0");
        Require(optimizer.ClipNorm >= 0, nameof(optimizer.ClipNorm), optimizer.ClipNorm, "at least 0");
        Require(optimizer.BatchSequences >= 1, nameof(optimizer.BatchSequences), optimizer.BatchSequences, "at least 1");
        Require(optimizer.Speed.MicroBatchTokens >= 1, nameof(optimizer.Speed.MicroBatchTokens), optimizer.Speed.MicroBatchTokens, "at least 1");
        if (job.Mixup is { } mixup)
        {
            Require(mixup.Options.Mu >= 0, nameof(mixup.Options.Mu), mixup.Options.Mu, "at least 0");
            Require(mixup.Options.Alpha > 0, nameof(mixup.Options.Alpha), mixup.Options.Alpha, "> 0");
            Require(mixup.Options.Mu == 0 || optimizer.BatchSequences % 2 == 0, nameof(optimizer.BatchSequences), optimizer.BatchSequences, "an even number with a mixture, whose pairs stay together");
            Require(mixup.Options.Mu == 0 || !job.Sequences.Any(sequence => sequence.Continues), "Mixup", "given with examples of several sequences", "null: pairs are of single sequences");
            Require(mixup.Split.Perplexities.Count == job.Sequences.Count, "Mixup.Split.Perplexities.Count", mixup.Split.Perplexities.Count, $"{job.Sequences.Count} (Sequences.Count)");
        }
    }

    /// <exception cref="ArgumentException">A sequence does not fit the model.</exception>
    internal static void ThrowUnlessFitting(TrainingJob job, IStepper stepper)
    {
        for (int index = 0; index < job.Sequences.Count; index++)
        {
            var sequence = job.Sequences[index];
            int length = sequence.TokenIds.Count;
            string name = $"Sequences[{index}]";
            string? fault = ContextLimits.SequenceFault(length, stepper.ContextLength) ?? ContextLimits.IdFault(sequence.TokenIds, stepper.VocabularySize);
            if (fault is not null)
            {
                throw new ArgumentException($"{name}: {fault}");
            }

            Require(
                sequence.PromptLength >= 0 && sequence.PromptLength <= length,
                $"{name}.PromptLength", sequence.PromptLength, $"0 to the length, {length}");
            Require(
                float.IsFinite(sequence.Weight) && sequence.Weight >= 0, $"{name}.Weight", sequence.Weight, "a finite number >= 0");
        }
    }

    private static void Require(bool holds, string what, object actual, string allowed)
    {
        if (!holds)
        {
            throw new ArgumentException(FormattableString.Invariant($"{what} is {actual}, expected {allowed}."));
        }
    }
}
