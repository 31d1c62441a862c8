using System.Globalization;

namespace ReSTEM.Core;

/// <summary>The M-step: fine-tunes the base model, or the previous policy, on what was kept.</summary>
/// <remarks>Singh et al. 2023, arXiv:2312.06585, algorithm 1: starting from the base model again, while the validation reward improves.</remarks>
public sealed class MStep(
    LoopOptions options, RunProblems problems, IObjective objective, ITrainer trainer, IRunLedger ledger, Drawing drawing, PhaseClock clock, TimeProvider time)
{
    /// <summary>Name of the phase.</summary>
    public const string Phase = "m-step";

    private readonly TrainingDynamics _dynamics = new(ledger, clock);

    /// <summary>Runs what is left of an iteration's M-step; its policy is on disk and in the ledger afterwards.</summary>
    public async Task RunAsync(PolicyShelf policies, int iteration, CancellationToken cancellationToken)
    {
        if (!ledger.Phases.IsComplete(iteration, Phase))
        {
            await RunNewAsync(policies, iteration, cancellationToken);
        }
        else if (options.Rebuild && !Directory.Exists(ledger.Paths.Policy(iteration)))
        {
            await RebuildAsync(policies, iteration, cancellationToken);
        }
    }

    private async Task RunNewAsync(PolicyShelf policies, int iteration, CancellationToken cancellationToken)
    {
        policies.Clear();
        var sequences = NewSequences(policies);
        using ITrainingSet set = ledger.Training.Stage(iteration, Staged(iteration, sequences));
        Note(sequences);
        TrainingJob job = await JobAsync(policies, iteration, set, cancellationToken);
        long batches = (sequences.Made + options.MStep.Optimizer.BatchSequences - 1) / options.MStep.Optimizer.BatchSequences;
        await clock.RunAsync(iteration, Phase, "steps", batches * options.MStep.Epochs, async () =>
        {
            var result = await TrainAsync(job, iteration, cancellationToken);
            ledger.Training.Write(iteration, result);
            ledger.Files.Record(iteration, ledger.Paths.Policy(iteration));
            Record(policies, iteration, result, cancellationToken);
            var decision = result.Measures.Count == 0 ? null : await new ValidationTest(problems.Validation, options.Validation, options.Seed, ledger)
                .RecordAsync(iteration, result.ChosenEpoch, cancellationToken);
            return Describe(result) + (decision is null ? "" : $", {decision.Describe(options.Validation.Level)}");
        });
    }

    /// <summary>Trains a policy again whose folder is gone: from what the ledger has, to the same bits.</summary>
    /// <exception cref="InvalidDataException">It came out differently.</exception>
    private async Task RebuildAsync(PolicyShelf policies, int iteration, CancellationToken cancellationToken)
    {
        clock.Note($"iteration {iteration}: {ledger.Paths.Policy(iteration)} is missing and trained again");
        policies.Clear();
        var sequences = NewSequences(policies);
        using ITrainingSet set = ledger.Training.Stage(iteration, Staged(iteration, sequences));
        var before = ledger.Training.Read(iteration)!;
        var result = await TrainAsync(await JobAsync(policies, iteration, set, cancellationToken), iteration, cancellationToken);
        if (result.WeightsSha256 != before.WeightsSha256)
        {
            throw new InvalidDataException(
                $"{ledger.Paths.Policy(iteration)} was trained again to weights with SHA-256 {result.WeightsSha256}, expected {before.WeightsSha256}. " +
                "The engine does not give the same bits here; restore the folder from a copy.");
        }

        ledger.Files.Require(iteration, ledger.Paths.Policy(iteration));
    }

    private int Sampled(int iteration) => new PolicyLine(ledger.Measures, options.Iterations).SampledBy(iteration);

    private IEnumerable<TrainingSequence> Staged(int iteration, TrainingSequences sequences) => ByProblem(iteration)
        .SelectMany(problem => sequences.Of(problem.Problem, problem.Examples));

    private TrainingSequences NewSequences(PolicyShelf policies) =>
        new(policies.BaseInfo, options.Prompt, sameTokenizer: policies.HasBaseTokenizer(options.Teacher));

    /// <summary>What the iteration trains on, one problem after the other.</summary>
    private IEnumerable<(Problem Problem, WeightedExample Example)> Examples(int iteration) => ByProblem(iteration)
        .SelectMany(problem => problem.Examples.Select(example => (problem.Problem, example)));

    private IEnumerable<(Problem Problem, IReadOnlyList<WeightedExample> Examples)> ByProblem(int iteration)
    {
        int[] iterations = [.. objective.IterationsFor(iteration)];
        foreach (Problem problem in problems.Train)
        {
            KeptSample[] kept = [.. iterations.SelectMany(earlier => ledger.Kept.Read(earlier, problem.Id))];
            yield return (problem, objective.Examples(problem, kept));
        }
    }

    private void Note(TrainingSequences sequences)
    {
        int all = sequences.Made + sequences.TooLong;
        if (sequences.Made == 0)
        {
            throw new InvalidOperationException(
                $"{all} examples to train on, all longer than the model's context, expected at least 1 that fits; use shorter prompts or another base model.");
        }

        if (sequences.TooLong > 0)
        {
            string what = objective.UsesSamples ? "kept completions" : "solutions";
            clock.Note($"{sequences.TooLong} of {all} {what} are longer than the model's context and are left out");
        }
    }

    private Task<TrainingResult> TrainAsync(TrainingJob job, int iteration, CancellationToken cancellationToken) =>
        new StepRecorder(ledger.Training, clock, iteration, time).WatchAsync(watch => trainer.TrainAsync(job, watch, cancellationToken));

    /// <summary>The iteration's training; where it mixes, the confidence is asked for first.</summary>
    private async Task<TrainingJob> JobAsync(PolicyShelf policies, int iteration, ITrainingSet sequences, CancellationToken cancellationToken)
    {
        var job = new TrainingJob
        {
            Base = policies.Ref(options.MStep.Restart is RestartFrom.Base ? 0 : Sampled(iteration)),
            OutputFolder = ledger.Paths.Policy(iteration),
            StateFolder = ledger.Paths.Trainer(iteration),
            Sequences = sequences,
            Loss = objective.Loss,
            Adapter = options.MStep.Adapter is { } adapter
                ? new AdapterJob(adapter, RandomStream.Of(options.Seed, RandomPurpose.Adapter).At(iteration, "", 0))
                : null,
            Optimizer = options.MStep.Optimizer,
            CommitInterval = TimeSpan.FromSeconds(options.MStep.Optimizer.Speed.CommitSeconds),
            Epochs = options.MStep.Epochs,
            Patience = options.MStep.Patience,
            MeasuredEpochs = MeasuredEpochs(iteration),
            Random = RandomStream.Of(options.Seed, RandomPurpose.BatchOrder).At(iteration, "", 0),
            Validate = problems.Validation.Count == 0 ? null : (candidate, token) => ValidateAsync(policies, candidate, iteration, token),
        };
        if (options.MStep.Objective?.Mixup is not { } mixup)
        {
            return job;
        }

        ConfidenceSplit split = mixup.Confidence is ConfidenceSource.Reference
            ? await _dynamics.OfReferenceAsync(trainer, job, iteration, mixup.Checkpoints ?? job.Epochs, cancellationToken)
            : await _dynamics.OfPoliciesAsync(policies, sequences, iteration, mixup.Checkpoints, cancellationToken);
        return job with { Mixup = new MixupJob(mixup, split, RandomStream.Of(options.Seed, RandomPurpose.Mixup).At(iteration, "", 0)) };
    }

    private int MeasuredEpochs(int iteration) => Enumerable.Range(1, options.MStep.Epochs)
        .TakeWhile(epoch => ledger.Samples.Count(DrawId.Validation(iteration, epoch)).Drawn == (long)problems.Validation.Count * options.Validation.Samples)
        .Count();

    private async Task<double> ValidateAsync(
        PolicyShelf policies, TrainingCandidate candidate, int iteration, CancellationToken cancellationToken)
    {
        using PromptedPolicy policy = policies.Candidate(candidate.Open());
        var reward = new ValidationReward(problems.Validation, options.Validation, options.Seed, ledger.Samples, drawing);
        return await reward.MeasureAsync(policy, iteration, candidate.Epoch, cancellationToken);
    }

    private void Record(PolicyShelf policies, int iteration, TrainingResult result, CancellationToken cancellationToken)
    {
        if (result.Measures.Count > 0)
        {
            ledger.Measures.Write(iteration, Measure.ValidationReward, result.Measures[result.ChosenEpoch - 1]);
        }

        if (objective.UsesSamples && PredictedGain(policies, iteration, cancellationToken) is { } gain)
        {
            ledger.Measures.Write(iteration, Measure.PredictedGain, gain);
        }
    }

    private double? PredictedGain(PolicyShelf policies, int iteration, CancellationToken cancellationToken)
    {
        var gain = new PredictedGain();
        var asked = new Queue<(WeightedExample Example, int First)>();
        var sequences = NewSequences(policies);

        // What drew them saw examples that the new policy does not see: both are asked under the new one's prompt.
        Queue<double>? before = Sampled(iteration) == 0 && options is { Teacher: null, Prompt: { FewShot.Count: > 0, Use: FewShotUse.Base } }
            ? new Queue<double>(Sums(0).Select(entry => entry.Sum))
            : null;
        foreach (var (example, sum) in Sums(iteration))
        {
            gain.Add(example.Count, before?.Dequeue() ?? example.Completion!.LogProbability, sum);
        }

        return gain.Value;

        IEnumerable<(WeightedExample Example, double Sum)> Sums(int of)
        {
            foreach (float[] logs in policies.Get(of).Policy.LogProbabilities(Ask(), cancellationToken))
            {
                var (example, first) = asked.Dequeue();
                yield return (example, SumFrom(logs, first));
            }
        }

        IEnumerable<IReadOnlyList<int>> Ask()
        {
            foreach (var (problem, example) in Examples(iteration))
            {
                if (sequences.Drawn(problem, example) is { } drawn)
                {
                    asked.Enqueue((example, drawn.First));
                    yield return drawn.Ids;
                }
            }
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
