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
            int sampled = new PolicyLine(ledger.Measures, options.Iterations).SampledBy(iteration);
            await drawing.DrawAsync(teacher ?? policies.Get(sampled), DrawPlans.EStep(options, problems, iteration), cancellationToken);
            return await new EStepChoice(options, problems, objective, ledger).RecordAsync(iteration, cancellationToken);
        });
    }
}
