namespace ReSTEM.Core;

/// <summary>The sampled reward on the validation problems.</summary>
public sealed class ValidationReward(LoopOptions options, RunProblems problems, Drawing drawing)
{
    /// <summary>Mean share of correct samples over the validation problems.</summary>
    /// <param name="policy">The candidate.</param>
    /// <param name="iteration">Its iteration; 0 is the base model.</param>
    /// <param name="epoch">Its epoch; 0 is the base model.</param>
    /// <param name="cancellationToken">Stops drawing.</param>
    public async Task<double> MeasureAsync(IPolicy policy, int iteration, int epoch, CancellationToken cancellationToken)
    {
        var plan = new DrawPlan(
            DrawKey.Validation(iteration, epoch), problems.Validation, options.Validation.Samples, options.Validation.Sampling,
            RandomStream.Of(options.Seed, RandomPurpose.Validation), ForBase: iteration == 0);
        var samples = await drawing.DrawAsync(policy, plan, cancellationToken);
        return (double)samples.Count(sample => sample.IsCorrect) / samples.Count;
    }
}
