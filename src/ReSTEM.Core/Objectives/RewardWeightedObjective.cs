namespace ReSTEM.Core;

/// <summary>Reward-weighted negative log-likelihood of distinct kept completions.</summary>
/// <param name="keep">Which samples may be trained on.</param>
/// <param name="limit">Most distinct completions of a problem in one iteration, chosen at random; at least 1.</param>
/// <param name="weights">How a distinct completion is weighted.</param>
/// <param name="accumulate">Whether an iteration trains on what all earlier ones kept, too.</param>
/// <param name="loss">The loss of a batch; null for the mean over tokens.</param>
/// <remarks>Singh et al. 2023, arXiv:2312.06585, section 3, equation 5, and section 4 for the limit.</remarks>
public sealed class RewardWeightedObjective(KeepRule keep, int limit, KeptWeights weights, bool accumulate, TrainingLoss? loss = null) : IObjective
{
    /// <inheritdoc/>
    public bool UsesSamples => true;

    /// <inheritdoc/>
    public TrainingLoss Loss => loss ?? TrainingLoss.WeightedNll;

    /// <inheritdoc/>
    public IEnumerable<int> IterationsFor(int iteration) => accumulate ? Enumerable.Range(1, iteration) : [iteration];

    /// <inheritdoc/>
    public IReadOnlyList<KeptSample> Keep(Problem problem, IReadOnlyList<Sample> samples, RandomStream random)
    {
        var distinct = Keeping.Distinct(weights is KeptWeights.Agreement ? Agreement.Some(problem, samples) : samples, keep, limit, random);
        double total = distinct.Sum(group => Mass(problem, group.Key, group.Count()));
        return [.. distinct.Select(group => new KeptSample(
            problem.Id, group.First().Completion.Index, group.Count(), Weight(problem, group.Key, group.Count(), total), group.First()))];
    }

    /// <summary>Equal texts of several iterations become one with the sum of the counts.</summary>
    public IReadOnlyList<WeightedExample> Examples(Problem problem, IReadOnlyList<KeptSample> kept)
    {
        double total = kept.Sum(sample => Mass(problem, sample.Sample.Completion.Text, sample.Count));
        return [.. kept.GroupBy(sample => sample.Sample.Completion.Text, StringComparer.Ordinal).Select(text =>
        {
            int count = text.Sum(sample => sample.Count);
            return new WeightedExample(text.First().Sample.Completion, text.Key, Weight(problem, text.Key, count, total), count);
        })];
    }

    private double Mass(Problem problem, string text, int count) => weights is KeptWeights.Agreement ? count * Agreement.Of(problem, text) : count;

    private double Weight(Problem problem, string text, int count, double total) =>
        weights is KeptWeights.Equal ? 1 : Mass(problem, text, count) / total;
}
