namespace ReSTEM.Core;

/// <summary>Reward-weighted negative log-likelihood of distinct kept completions.</summary>
/// <param name="keep">Which samples may be trained on.</param>
/// <param name="limit">Most distinct completions of a problem in one iteration, chosen at random; at least 1.</param>
/// <param name="weights">How a distinct completion is weighted.</param>
/// <param name="accumulate">Whether an iteration trains on what all earlier ones kept, too.</param>
/// <remarks>Singh et al. 2023, arXiv:2312.06585, section 3, equation 5, and section 4 for the limit.</remarks>
public sealed class RewardWeightedObjective(KeepRule keep, int limit, KeptWeights weights, bool accumulate) : IObjective
{
    /// <inheritdoc/>
    public bool UsesSamples => true;

    /// <inheritdoc/>
    public TrainingLoss Loss => TrainingLoss.WeightedNll;

    /// <inheritdoc/>
    public IEnumerable<int> IterationsFor(int iteration) => accumulate ? Enumerable.Range(1, iteration) : [iteration];

    /// <summary>Distinct finished completions that satisfy the rule, at most the limit chosen at random, with their weights.</summary>
    public IReadOnlyList<KeptSample> Keep(Problem problem, IReadOnlyList<Sample> samples, RandomStream random)
    {
        IGrouping<string, Sample>[] distinct =
        [
            .. samples
                .Where(sample => sample.IsFinished && (keep is KeepRule.Any || sample.Reward > 0))
                .OrderBy(sample => sample.Completion.Index)
                .GroupBy(sample => sample.Completion.Text, StringComparer.Ordinal),
        ];
        if (distinct.Length > limit)
        {
            random.Sequence().Shuffle<IGrouping<string, Sample>>(distinct);
            distinct = [.. distinct.Take(limit).OrderBy(group => group.First().Completion.Index)];
        }

        double total = distinct.Sum(group => group.Count());
        return [.. distinct.Select(group => new KeptSample(
            problem.Id, group.First().Completion.Index, group.Count(), Weight(group.Count(), total), group.First()))];
    }

    /// <summary>Equal texts of several iterations become one with the sum of the counts.</summary>
    public IReadOnlyList<WeightedExample> Examples(Problem problem, IReadOnlyList<KeptSample> kept)
    {
        double total = kept.Sum(sample => sample.Count);
        return [.. kept.GroupBy(sample => sample.Sample.Completion.Text, StringComparer.Ordinal).Select(text =>
        {
            int count = text.Sum(sample => sample.Count);
            return new WeightedExample(text.First().Sample.Completion, text.Key, Weight(count, total), count);
        })];
    }

    private double Weight(int count, double total) => weights is KeptWeights.Count ? count / total : 1;
}
