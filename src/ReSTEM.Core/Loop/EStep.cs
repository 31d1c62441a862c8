using System.Globalization;

namespace ReSTEM.Core;

/// <summary>The E-step: draws completions on the training problems, judges them, and chooses what is kept.</summary>
/// <remarks>Singh et al. 2023, arXiv:2312.06585, section 3: q(y|x) is proportional to r(x, y) p(y|x).</remarks>
public sealed class EStep(
    LoopOptions options, RunProblems problems, IRunLedger ledger, Drawing drawing, PhaseClock clock)
{
    /// <summary>Name of the phase.</summary>
    public const string Phase = "e-step";

    /// <summary>Runs what is left of an iteration's E-step.</summary>
    /// <exception cref="InvalidOperationException">Nothing was kept, so there is nothing to train on.</exception>
    public async Task RunAsync(PolicyShelf policies, IPolicyLoader loader, int iteration, CancellationToken cancellationToken)
    {
        if (options.MStep.Data is MStepData.Solutions)
        {
            return;
        }

        await clock.RunAsync(iteration, Phase, "samples", (long)problems.Train.Count * options.EStep.Samples, async () =>
        {
            bool distilled = options.EStep.Policy.Length > 0;
            using IPolicy? teacher = distilled ? loader.Load(options.EStep.Policy) : null;
            var plan = new DrawPlan(
                DrawKey.EStep(iteration), problems.Train, options.EStep.Samples, options.EStep.Sampling,
                RandomStream.Of(options.Seed, RandomPurpose.EStep), ForBase: iteration == 1 || distilled);
            var samples = await drawing.DrawAsync(teacher ?? policies.Get(iteration - 1), plan, cancellationToken);
            var kept = Keeping.Choose(
                problems.Train, samples, options.EStep, options.MStep.Weights, RandomStream.Of(options.Seed, RandomPurpose.Keep), iteration);
            Record(iteration, samples, kept, distilled);
            return Describe(samples, kept);
        });
    }

    private void Record(int iteration, IReadOnlyList<Sample> samples, IReadOnlyList<KeptSample> kept, bool distilled)
    {
        if (kept.Count == 0)
        {
            throw new InvalidOperationException(
                $"iteration {iteration} kept 0 of {samples.Count} samples, expected at least 1: {Why(samples)}. " +
                "Look at some with `restem sample`, ease the problems, or draw more samples.");
        }

        ledger.WriteKept(iteration, kept);
        var previous = iteration > 1 ? ledger.ReadSamples(DrawKey.EStep(iteration - 1)).Judged() : [];
        foreach (var (name, value) in EmDiagnostics.Of(problems.Train, samples, previous, kept))
        {
            ledger.WriteMeasure(iteration, name, new Estimate(value, value, value));
        }

        Number(iteration, "e-step/samples", samples.Count);
        Number(iteration, "e-step/correct", samples.Count(sample => sample.IsCorrect));
        Number(iteration, "e-step/unfinished", samples.Count(sample => !sample.IsFinished));
        Number(iteration, "e-step/kept", kept.Count);
        Number(iteration, "e-step/solved", samples.Where(sample => sample.IsCorrect).DistinctBy(sample => sample.Completion.ProblemId).Count());
        if (!distilled)
        {
            foreach (var (name, value) in TrainReward.Of(problems.Train, samples, options.Seed))
            {
                ledger.WriteMeasure(iteration - 1, name, value);
            }
        }
    }

    private void Number(int iteration, string name, double value) =>
        ledger.WriteMeasure(iteration, name, new Estimate(value, value, value));

    private static string Why(IReadOnlyList<Sample> samples) => string.Join(", ", samples
        .GroupBy(sample => sample.IsFinished ? sample.Finding.Verdict.ToString() : "unfinished")
        .OrderByDescending(group => group.Count())
        .Select(group => $"{group.Count()} {group.Key}"));

    private static string Describe(IReadOnlyList<Sample> samples, IReadOnlyList<KeptSample> kept) => string.Create(
        CultureInfo.InvariantCulture,
        $"{samples.Count(sample => sample.IsCorrect):N0} of {samples.Count:N0} correct, {kept.Count:N0} distinct kept on {kept.DistinctBy(sample => sample.ProblemId).Count():N0} problems");
}
