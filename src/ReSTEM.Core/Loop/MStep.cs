using System.Globalization;

namespace ReSTEM.Core;

/// <summary>The M-step: fine-tunes the base model, or the previous policy, on what was kept.</summary>
/// <remarks>Singh et al. 2023, arXiv:2312.06585, algorithm 1: starting from the base model again, while the validation reward improves.</remarks>
public sealed class MStep(
    LoopOptions options, RunProblems problems, ITrainer trainer, IRunLedger ledger, Drawing drawing,
    PhaseClock clock)
{
    /// <summary>Name of the phase.</summary>
    public const string Phase = "m-step";

    /// <summary>Runs what is left of an iteration's M-step; its policy is on disk and in the ledger afterwards.</summary>
    public async Task RunAsync(PolicyShelf policies, int iteration, CancellationToken cancellationToken)
    {
        if (ledger.IsComplete(iteration, Phase))
        {
            return;
        }

        var kept = Kept(iteration);
        var sequences = Sequences(policies, kept);
        policies.Clear();
        long batches = (sequences.Count + options.MStep.Optimizer.BatchSequences - 1) / options.MStep.Optimizer.BatchSequences;
        await clock.RunAsync(iteration, Phase, "steps", batches * options.MStep.Epochs, async () =>
        {
            var result = await TrainAsync(policies, iteration, sequences, cancellationToken);
            ledger.WriteTraining(iteration, result);
            Record(policies, iteration, kept, sequences, result, cancellationToken);
            return Describe(result);
        });
    }

    private IReadOnlyList<KeptSample> Kept(int iteration) => options.MStep switch
    {
        { Data: MStepData.Solutions } => [],
        { Accumulate: true } => TrainingData.Merge(
            Enumerable.Range(1, iteration).SelectMany(ledger.ReadKept), options.MStep.Weights),
        _ => ledger.ReadKept(iteration),
    };

    private IReadOnlyList<TrainingSequence> Sequences(PolicyShelf policies, IReadOnlyList<KeptSample> kept)
    {
        var data = new TrainingData(policies.Get(0), options.Prompt);
        if (options.MStep.Data is MStepData.Kept)
        {
            return data.FromKept(problems.Train, kept, sameTokenizer: options.EStep.Policy.Length == 0);
        }

        var (sequences, tooLong) = data.FromSolutions(problems.Train);
        if (tooLong > 0)
        {
            clock.Note($"{tooLong} of {problems.Train.Count} solutions are longer than the model's context and are left out");
        }

        return sequences;
    }

    private async Task<TrainingResult> TrainAsync(
        PolicyShelf policies, int iteration, IReadOnlyList<TrainingSequence> sequences, CancellationToken cancellationToken)
    {
        var job = new TrainingJob
        {
            BaseFolder = policies.FolderOf(options.MStep.Restart is RestartFrom.Base ? 0 : iteration - 1),
            OutputFolder = ledger.PolicyFolder(iteration),
            StateFolder = ledger.TrainerFolder(iteration),
            Sequences = sequences,
            Optimizer = options.MStep.Optimizer,
            Epochs = options.MStep.Epochs,
            Patience = options.MStep.Patience,
            Random = RandomStream.Of(options.Seed, RandomPurpose.BatchOrder).At(iteration, "", 0),
            Validate = problems.Validation.Count == 0 ? null : (candidate, token) => ValidateAsync(candidate, iteration, token),
        };
        return await new StepRecorder(ledger, clock, iteration).WatchAsync(watch => trainer.TrainAsync(job, watch, cancellationToken));
    }

    private async Task<double> ValidateAsync(TrainingCandidate candidate, int iteration, CancellationToken cancellationToken)
    {
        using IPolicy policy = candidate.Open();
        return await new ValidationReward(options, problems, drawing).MeasureAsync(policy, iteration, candidate.Epoch, cancellationToken);
    }

    private void Record(
        PolicyShelf policies, int iteration, IReadOnlyList<KeptSample> kept, IReadOnlyList<TrainingSequence> sequences,
        TrainingResult result, CancellationToken cancellationToken)
    {
        if (result.Measures.Count > 0)
        {
            double reward = result.Measures[result.ChosenEpoch - 1];
            ledger.WriteMeasure(iteration, BestIteration.Measure, new Estimate(reward, reward, reward));
        }

        if (kept.Count > 0)
        {
            var after = policies.Get(iteration)
                .LogProbabilities(sequences.Select(sequence => sequence.TokenIds), cancellationToken)
                .Select((logs, i) => SumFrom(logs, sequences[i].PromptLength))
                .ToList();
            double gain = EmDiagnostics.PredictedGain(kept, after);
            ledger.WriteMeasure(iteration, "em/predicted_gain", new Estimate(gain, gain, gain));
        }
    }

    private static double SumFrom(float[] logProbabilities, int first)
    {
        double sum = 0;
        for (int t = first; t < logProbabilities.Length; t++)
        {
            sum += logProbabilities[t];
        }

        return sum;
    }

    private static string Describe(TrainingResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Steps} steps, loss {result.FinalLoss:F3}") + (result.Measures.Count == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $", epoch {result.ChosenEpoch} kept, validation reward {result.Measures[result.ChosenEpoch - 1]:P1}"));
}
