namespace ReSTEM.Core;

/// <summary>Which of a problem's samples are kept: the rule, and the keep limit.</summary>
internal static class Keeping
{
    /// <summary>Distinct finished completions that satisfy the rule, by index of their first sample; at most the limit, chosen at random.</summary>
    /// <param name="samples">Judged samples of one problem, in any order.</param>
    /// <param name="rule">Which may be kept.</param>
    /// <param name="limit">Most distinct texts.</param>
    /// <param name="random">Draws the choice.</param>
    /// <returns>The samples of each text that is kept, by index.</returns>
    internal static IReadOnlyList<IGrouping<string, Sample>> Distinct(
        IReadOnlyList<Sample> samples, KeepRule rule, int limit, RandomStream random)
    {
        IGrouping<string, Sample>[] distinct =
        [
            .. samples
                .Where(sample => sample.IsFinished && (rule is KeepRule.Any || sample.Reward > 0))
                .OrderBy(sample => sample.Completion.Index)
                .GroupBy(sample => sample.Completion.Text, StringComparer.Ordinal),
        ];
        if (distinct.Length <= limit)
        {
            return distinct;
        }

        random.Sequence().Shuffle<IGrouping<string, Sample>>(distinct);
        return [.. distinct.Take(limit).OrderBy(group => group.First().Completion.Index)];
    }
}
