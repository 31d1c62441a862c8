using System.Runtime.CompilerServices;

namespace ReSTEM.Core;

/// <summary>The E-step: draws completions on the training problems, judges them, and chooses what is kept.</summary>
/// <remarks>Singh et al. 2023, arXiv:2312.06585, section 3: q(y|x) is proportional to r(x, y) p(y|x).</remarks>
public sealed class EStep(
    LoopOptions options, IReadOnlyList<Problem> problems, IObjective objective, IRunLedger ledger, Drawing drawing, PhaseClock clock)
{
    /// <summary>Name of the phase.</summary>
    public const string Phase = "e-step";

    /// <summary>Runs what is left of an iteration's E-step.</summary>
    /// <exception cref="InvalidOperationException">Nothing was kept, so there is nothing to train on.</exception>
    public async Task RunAsync(PolicyShelf policies, int iteration, CancellationToken cancellationToken)
    {
        if (!objective.UsesSamples)
        {
            return;
        }

        await clock.RunAsync(iteration, Phase, "samples", (long)problems.Count * options.EStep.Samples, async () =>
        {
            using PromptedPolicy? teacher = options.Teacher is { } named ? policies.Teacher(named) : null;
            var plan = new DrawPlan(
                DrawId.EStep(iteration), problems, options.EStep.Samples, options.EStep.Sampling,
                RandomStream.Of(options.Seed, RandomPurpose.EStep));
            await drawing.DrawAsync(teacher ?? policies.Get(iteration - 1), plan, cancellationToken);
            var tally = new EStepTally(options.Seed, comparesWithBefore: HasSamples(iteration - 1));
            await ledger.Kept.WriteAsync(iteration, KeepAsync(plan.Draw, tally, cancellationToken), cancellationToken);
            Record(iteration, tally);
            return tally.Describe();
        });
    }

    private bool HasSamples(int iteration) => iteration > 0 && ledger.Samples.Count(DrawId.EStep(iteration)).Judged > 0;

    /// <summary>What is kept of one problem after the other; the tally sees them pass.</summary>
    private async IAsyncEnumerable<KeptSample> KeepAsync(
        DrawId draw, EStepTally tally, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var random = RandomStream.Of(options.Seed, RandomPurpose.Keep);
        DrawId before = DrawId.EStep(draw.Iteration - 1);
        await foreach (ProblemSamples problem in ledger.Samples.ByProblemAsync(draw, problems, cancellationToken))
        {
            string id = problem.Problem.Id;
            var kept = objective.Keep(problem.Problem, problem.Samples, random.At(draw.Iteration, id, 0));
            tally.Add(problem, kept, tally.ComparesWithBefore ? ledger.Samples.Count(before, id).Correct : 0);
            foreach (KeptSample sample in kept)
            {
                yield return sample;
            }
        }
    }

    private void Record(int iteration, EStepTally tally)
    {
        if (tally.Kept == 0)
        {
            string remedy = tally.IsMostlyUnfinished
                ? $"Most were cut before they ended: raise e_step.sampling.max_tokens (now {options.EStep.Sampling.MaxTokens}), or name what ends an answer in e_step.sampling.stop."
                : "Look at some with `restem sample`, ease the problems, or draw more samples.";
            throw new InvalidOperationException(
                $"iteration {iteration} kept 0 of {tally.Samples} samples, expected at least 1: {tally.Why()}. {remedy}");
        }

        foreach (var (measure, value) in tally.Measures())
        {
            ledger.Measures.Write(iteration, measure, value);
        }

        foreach (var (measure, value) in options.Teacher is null ? tally.TrainReward.Measures() : [])
        {
            ledger.Measures.Write(iteration - 1, measure, value);
        }
    }
}
