namespace ReSTEM.Core;

/// <summary>Reward-weighted negative log-likelihood of distinct kept completions.</summary>
/// <param name="keep">Which samples may be trained on.</param>
/// <param name="limit">Most distinct completions of a problem in one iteration, chosen at random; at least 1.</param>
/// <param name="weights">How a distinct completion is weighted.</param>
/// <param name="accumulate">Whether an iteration trains on what all earlier ones kept, too.</param>
/// <param name="labelSmoothing">Share of each target that is spread over the vocabulary, in [0, 1).</param>
/// <remarks>Singh et al. 2023, arXiv:2312.06585, section 3, equation 5, and section 4 for the limit.</remarks>
public sealed class RewardWeightedObjective(KeepRule keep, int limit, KeptWeights weights, bool accumulate, double labelSmoothing = 0) : IObjective
{
    /// <inheritdoc/>
    public bool UsesSamples => true;

    /// <inheritdoc/>
    public TrainingLoss Loss => TrainingLoss.WeightedNll with { LabelSmoothing = labelSmoothing };

    /// <inheritdoc/>
    public IEnumerable<int> IterationsFor(int iteration) => accumulate ? Enumerable.Range(1, iteration) : [iteration];

    /// <inheritdoc/>
    public IReadOnlyList<KeptSample> Keep(Problem problem, IReadOnlyList<Sample> samples, RandomStream random)
    {
        var distinct = Keeping.Distinct(samples, keep, limit, random);
        double total = distinct.Sum(group => group.Count());
        return [.. distinct.Select(group => new KeptSample(
            problem.Id, group.First().Completion.Index, group.Count(), CountWeights.Of(weights, group.Count(), total), group.First()))];
    }

    /// <summary>Equal texts of several iterations become one with the sum of the counts.</summary>
    public IReadOnlyList<WeightedExample> Examples(Problem problem, IReadOnlyList<KeptSample> kept)
    {
        double total = kept.Sum(sample => sample.Count);
        return [.. kept.GroupBy(sample => sample.Sample.Completion.Text, StringComparer.Ordinal).Select(text =>
        {
            int count = text.Sum(sample => sample.Count);
            return new WeightedExample(text.First().Sample.Completion, text.Key, CountWeights.Of(weights, count, total), count);
        })];
    }
}
