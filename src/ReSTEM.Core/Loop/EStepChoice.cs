using System.Runtime.CompilerServices;

namespace ReSTEM.Core;

/// <summary>What an E-step makes of its judged samples: the kept set, and the numbers that are recorded. A function of the ledger alone.</summary>
public sealed class EStepChoice(LoopOptions options, IReadOnlyList<Problem> problems, IObjective objective, IRunLedger ledger)
{
    /// <summary>Chooses and records.</summary>
    /// <param name="iteration">From 1; its samples are in the ledger.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>What came of it, in words.</returns>
    /// <exception cref="InvalidOperationException">Nothing was kept, so there is nothing to train on.</exception>
    public async Task<string> RecordAsync(int iteration, CancellationToken cancellationToken)
    {
        var tally = new EStepTally(options.Seed, comparesWithBefore: HasSamples(iteration - 1));
        var panel = new PanelTally(options.EStep.Agreement);
        await ledger.Kept.WriteAsync(iteration, KeepAsync(DrawId.EStep(iteration), tally, panel, cancellationToken), cancellationToken);
        Record(iteration, tally, panel);
        return tally.Describe() + panel.Describe();
    }

    private bool HasSamples(int iteration) => iteration > 0 && ledger.Samples.Count(DrawId.EStep(iteration)).Judged > 0;

    /// <summary>What is kept of one problem after the other; the tally sees them pass.</summary>
    private async IAsyncEnumerable<KeptSample> KeepAsync(
        DrawId draw, EStepTally tally, PanelTally panel, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var random = RandomStream.Of(options.Seed, RandomPurpose.Keep);
        DrawId before = DrawId.EStep(draw.Iteration - 1);
        await foreach (ProblemSamples problem in ledger.Samples.ByProblemAsync(draw, problems, cancellationToken))
        {
            string id = problem.Problem.Id;
            var kept = objective.Keep(problem.Problem, panel.Pass(problem.Samples), random.At(draw.Iteration, id, 0));
            tally.Add(problem, kept, tally.ComparesWithBefore ? ledger.Samples.Count(before, id).Correct : 0);
            foreach (KeptSample sample in kept)
            {
                yield return sample;
            }
        }
    }

    private void Record(int iteration, EStepTally tally, PanelTally panel)
    {
        if (tally.Kept == 0)
        {
            string remedy = panel.Withheld > 0
                ? $"{panel.Withheld} were withheld because the verifiers do not agree on them: lower e_step.agreement (now {options.EStep.Agreement}), or look at some with `restem samples`."
                : tally.IsMostlyUnfinished
                ? $"Most were cut before they ended: raise e_step.sampling.max_tokens (now {options.EStep.Sampling.MaxTokens}), or name what ends an answer in e_step.sampling.stop."
                : "Look at some with `restem samples`, ease the problems, or draw more samples.";
            throw new InvalidOperationException(
                $"iteration {iteration} kept 0 of {tally.Samples} samples, expected at least 1: {tally.Why()}. {remedy}");
        }

        foreach (var (measure, value) in tally.Measures().Concat(panel.Measures()))
        {
            ledger.Measures.Write(iteration, measure, value);
        }

        // A policy that is sampled again after a roll-back has been measured by its first E-step.
        int sampled = new PolicyLine(ledger.Measures, options.Iterations).SampledBy(iteration);
        foreach (var (measure, value) in options.Teacher is null && sampled == iteration - 1 ? tally.TrainReward.Measures() : [])
        {
            ledger.Measures.Write(sampled, measure, value);
        }
    }
}
