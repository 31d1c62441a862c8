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
        var plan = new DrawPlan(
            DrawId.Validation(iteration, epoch), problems, options.Samples, options.Sampling,
            RandomStream.Of(seed, RandomPurpose.Validation));
        await drawing.DrawAsync(policy, plan, cancellationToken);
        double sum = 0;
        long count = 0;
        await foreach (ProblemSamples problem in store.ByProblemAsync(plan.Draw, problems, cancellationToken))
        {
            sum += problem.Samples.Sum(sample => sample.Reward);
            count += problem.Samples.Count;
        }

        return sum / count;
    }
}
