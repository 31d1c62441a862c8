namespace ReSTEM.Core;

/// <summary>
/// Makes anew what a run made of its judged samples: kept sets and measures of every phase that is complete. What the models computed
/// is left as it is, the predicted gain among it.
/// </summary>
/// <param name="options">Of the run.</param>
/// <param name="problems">Of the run.</param>
/// <param name="verifier">Tells which answers are the same.</param>
/// <param name="ledger">A copy of the run's ledger; what is made anew replaces what is there.</param>
public sealed class Recomputation(LoopOptions options, RunProblems problems, IVerifier verifier, IRunLedger ledger)
{
    /// <summary>Makes all of it anew.</summary>
    /// <returns>What cannot be: an iteration that would have kept nothing, a candidate that would not have been chosen.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        var notes = new List<string>();
        var evaluation = new Evaluation(verifier, ledger.Samples, ledger.Measures, options.Seed);
        for (int iteration = 0; iteration <= options.Iterations; iteration++)
        {
            foreach (EvaluationSet set in problems.Evaluations.Where(set => ledger.Phases.IsComplete(iteration, Evaluation.Phase(set))))
            {
                evaluation.Record(set, iteration);
            }

            await ChooseAsync(iteration, notes, cancellationToken);
            await ValidateAsync(iteration, notes, cancellationToken);
        }

        int last = new PolicyLine(ledger.Measures, options.Iterations).Last;
        if (ledger.Phases.IsComplete(last, SelfTraining.TrainGapPhase))
        {
            await SelfTraining.RecordTrainGapAsync(options, problems.Train, last, ledger, cancellationToken);
        }

        return notes;
    }

    private async Task ChooseAsync(int iteration, List<string> notes, CancellationToken cancellationToken)
    {
        if (iteration == 0 || !ledger.Phases.IsComplete(iteration, EStep.Phase))
        {
            return;
        }

        try
        {
            await new EStepChoice(options, problems.Train, Objectives.Of(options.EStep, options.MStep), ledger).RecordAsync(iteration, cancellationToken);
        }
        catch (InvalidOperationException nothing)
        {
            notes.Add(nothing.Message);
        }
    }

    private async Task ValidateAsync(int iteration, List<string> notes, CancellationToken cancellationToken)
    {
        TrainingResult? trained = iteration == 0 ? null : ledger.Training.Read(iteration);
        if (problems.Validation.Count == 0 || !ledger.Measures.Read(iteration).ContainsKey(Measure.ValidationReward))
        {
            return;
        }

        int epochs = trained?.Measures.Count ?? 0;
        var rewards = new List<double>();
        for (int epoch = iteration == 0 ? 0 : 1; epoch <= epochs; epoch++)
        {
            rewards.Add(await ValidationReward.OfAsync(ledger.Samples, DrawId.Validation(iteration, epoch), problems.Validation, cancellationToken));
        }

        int chosen = trained?.ChosenEpoch ?? 0;
        ledger.Measures.Write(iteration, Measure.ValidationReward, rewards[trained is null ? 0 : chosen - 1]);
        if (trained is not null && rewards[chosen - 1] < rewards.Max())
        {
            notes.Add($"iteration {iteration} kept the weights of epoch {chosen}; by these verdicts it would have been epoch {rewards.IndexOf(rewards.Max()) + 1}");
        }

        if (trained is not null)
        {
            await DecideAsync(iteration, chosen, notes, cancellationToken);
        }
    }

    /// <summary>The run went by its old decision; by another one all that follows would have been drawn from another policy.</summary>
    private async Task DecideAsync(int iteration, int chosen, List<string> notes, CancellationToken cancellationToken)
    {
        var before = new PolicyLine(ledger.Measures, options.Iterations);
        var (from, ended) = (before.SampledBy(iteration + 1), before.EndsAfter(iteration));
        var decision = await new ValidationTest(problems.Validation, options.Validation, options.Seed, ledger).RecordAsync(iteration, chosen, cancellationToken);
        if (decision is not null && (decision.GoesOnFrom != from || (decision.Stops || iteration == options.Iterations) != ended))
        {
            notes.Add($"iteration {iteration} would by these verdicts be {decision.Describe(options.Validation.Level)}; the run went another way");
        }
    }
}
