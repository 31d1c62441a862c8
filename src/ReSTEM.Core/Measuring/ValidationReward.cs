namespace ReSTEM.Core;

/// <summary>The sampled reward on the validation problems.</summary>
/// <param name="problems">The validation problems.</param>
/// <param name="options">How it is measured.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="store">Where the samples are.</param>
/// <param name="drawing">Draws and judges.</param>
public sealed class ValidationReward(
    IReadOnlyList<Problem> problems, ValidationOptions options, ulong seed, ISampleStore store, Drawing drawing)
{
    /// <summary>Mean reward over the samples on the validation problems.</summary>
    /// <param name="policy">The candidate.</param>
    /// <param name="iteration">Its iteration; 0 is the base model.</param>
    /// <param name="epoch">Its epoch; 0 is the base model.</param>
    /// <param name="cancellationToken">Stops drawing.</param>
    public async Task<double> MeasureAsync(PromptedPolicy policy, int iteration, int epoch, CancellationToken cancellationToken)
    {
        DrawPlan plan = DrawPlans.Validation(seed, problems, options, iteration, epoch);
        await drawing.DrawAsync(policy, plan, cancellationToken);
        return await OfAsync(store, plan.Draw, problems, cancellationToken);
    }

    /// <summary>Mean reward over the samples of a draw that is in the ledger.</summary>
    public static async Task<double> OfAsync(ISampleStore store, DrawId draw, IReadOnlyList<Problem> problems, CancellationToken cancellationToken)
    {
        double sum = 0;
        long count = 0;
        await foreach (ProblemSamples problem in store.ByProblemAsync(draw, problems, cancellationToken))
        {
            sum += problem.Samples.Sum(sample => sample.Reward);
            count += problem.Samples.Count;
        }

        return sum / count;
    }
}
