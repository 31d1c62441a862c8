using System.Globalization;

namespace ReSTEM.Core;

/// <summary>
/// Asks checkpoints how well they predict training sequences, and splits these by it. What checkpoints said is in the ledger: what is
/// missing is asked, and nothing twice.
/// </summary>
public sealed class TrainingDynamics(IRunLedger ledger, PhaseClock clock)
{
    /// <summary>Name of the phase.</summary>
    public const string Phase = "confidence";

    /// <summary>By a reference run: the job without mixing, with a checkpoint at the end of each epoch. Its files are gone afterwards.</summary>
    /// <param name="trainer">Trains.</param>
    /// <param name="job">What is trained with mixing afterwards.</param>
    /// <param name="iteration">Where it stands in the ledger.</param>
    /// <param name="checkpoints">Epochs of the reference run, at least 1.</param>
    /// <param name="cancellationToken">Stops; the same call goes on.</param>
    /// <exception cref="InvalidOperationException">There are too few sequences for two halves.</exception>
    public Task<ConfidenceSplit> OfReferenceAsync(
        ITrainer trainer, TrainingJob job, int iteration, int checkpoints, CancellationToken cancellationToken)
    {
        long batches = (job.Sequences.Count + job.Optimizer.BatchSequences - 1) / job.Optimizer.BatchSequences;
        return RunAsync(job.Sequences, iteration, "steps", batches * checkpoints, async () =>
        {
            int known = ledger.Training.ReadCheckpoints(iteration).Count;
            if (known < checkpoints)
            {
                await TrainAsync(trainer, job with { Epochs = checkpoints, MeasuredEpochs = known }, iteration, cancellationToken);
            }
        });
    }

    /// <summary>By policies that are there: the base model's and those of earlier iterations, the latest ones.</summary>
    /// <param name="policies">Opens them.</param>
    /// <param name="sequences">What is to be split.</param>
    /// <param name="iteration">The iteration that trains on it.</param>
    /// <param name="checkpoints">How many; null for all. Where there are fewer, those are taken, and that is said.</param>
    /// <param name="cancellationToken">Stops; the same call goes on.</param>
    /// <exception cref="InvalidOperationException">There are too few sequences for two halves.</exception>
    public Task<ConfidenceSplit> OfPoliciesAsync(
        PolicyShelf policies, IReadOnlyList<TrainingSequence> sequences, int iteration, int? checkpoints, CancellationToken cancellationToken)
    {
        int count = Math.Min(checkpoints ?? iteration, iteration); // the base model, and those after it
        if (checkpoints > count && !ledger.Phases.IsComplete(iteration, Phase))
        {
            clock.Note(FormattableString.Invariant(
                $"iteration {iteration}: m_step.objective.sftmix.checkpoints is {checkpoints}, and there are {count} so far, the base model among them: the confidence is of those"));
        }

        return RunAsync(sequences, iteration, "sequences", (long)sequences.Count * count, () =>
        {
            int known = ledger.Training.ReadCheckpoints(iteration).Count;
            clock.Advance(new PhaseProgress((long)known * sequences.Count, 0, ""));
            for (int checkpoint = known + 1; checkpoint <= count; checkpoint++)
            {
                IPolicy policy = policies.Get(iteration - count + checkpoint - 1).Policy;
                double[] losses = Ask(policy, sequences, () => clock.Advance(new PhaseProgress(1, 0, "")), cancellationToken);
                ledger.Training.WriteCheckpoint(iteration, checkpoint, losses, clock.Book(0));
            }

            policies.Clear();
            return Task.CompletedTask;
        });
    }

    private async Task<ConfidenceSplit> RunAsync(
        IReadOnlyList<TrainingSequence> sequences, int iteration, string unit, long total, Func<Task> ask)
    {
        ConfidenceSplit.ThrowUnlessTwo(sequences.Count(ConfidenceSplit.Counts));
        await clock.RunAsync(iteration, Phase, unit, total, async () =>
        {
            await ask();
            return Describe(ConfidenceSplit.Of(ledger.Training.ReadCheckpoints(iteration)));
        });
        NewFolder.Delete(ledger.Paths.Reference(iteration));
        return ConfidenceSplit.Of(ledger.Training.ReadCheckpoints(iteration));
    }

    private async Task TrainAsync(ITrainer trainer, TrainingJob job, int iteration, CancellationToken cancellationToken)
    {
        int last = 0;
        long unbooked = 0;
        string folder = ledger.Paths.Reference(iteration);
        await trainer.TrainAsync(
            job with
            {
                OutputFolder = Path.Combine(folder, "policy"),
                StateFolder = Path.Combine(folder, "trainer"),
                Patience = 0,
                Mixup = null,
                Validate = (candidate, token) => Task.FromResult(Measure(candidate, token)),
            },
            Told,
            cancellationToken);

        void Told(TrainingStep step)
        {
            long tokens = step.Epoch > job.MeasuredEpochs ? step.Tokens : 0; // the others were booked with their checkpoints
            clock.Advance(new PhaseProgress(step.Step - last, tokens, StepRecorder.Describe(step)));
            (last, unbooked) = (step.Step, unbooked + tokens);
        }

        // The trainer keeps the best epoch, which nobody asks for here; any finite number will do.
        double Measure(TrainingCandidate candidate, CancellationToken token)
        {
            if (candidate.Epoch > ledger.Training.ReadCheckpoints(iteration).Count)
            {
                using IPolicy policy = candidate.Open();
                ledger.Training.WriteCheckpoint(iteration, candidate.Epoch, Ask(policy, job.Sequences, () => { }, token), clock.Book(unbooked));
                unbooked = 0;
            }

            return candidate.Epoch;
        }
    }

    private static double[] Ask(IPolicy policy, IReadOnlyList<TrainingSequence> sequences, Action onSequence, CancellationToken cancellationToken)
    {
        double[] losses = new double[sequences.Count];
        int index = 0;
        foreach (float[] logProbabilities in policy.LogProbabilities(sequences.Select(sequence => sequence.TokenIds), cancellationToken))
        {
            losses[index] = ConfidenceSplit.LossOf(logProbabilities, sequences[index].PromptLength);
            index++;
            onSequence();
        }

        return losses;
    }

    private static string Describe(ConfidenceSplit split) => string.Create(
        CultureInfo.InvariantCulture,
        $"{split.Confident.Count:N0} confident, {split.Unconfident.Count:N0} not, by perplexities of {split.Checkpoints} checkpoint{(split.Checkpoints == 1 ? "" : "s")} about a median of {split.Median:F3}");
}
