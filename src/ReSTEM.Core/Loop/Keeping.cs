namespace ReSTEM.Core;

/// <summary>Chooses what the M-step sees out of one E-step's samples.</summary>
public static class Keeping
{
    /// <summary>
    /// Distinct finished completions that satisfy the rule, at most the limit per problem chosen at random, with their weights.
    /// </summary>
    /// <param name="problems">The training problems; the result follows their order, then the sample index.</param>
    /// <param name="samples">All samples of the E-step, in any order.</param>
    /// <param name="eStep">Rule and limit.</param>
    /// <param name="weights">How a distinct completion is weighted.</param>
    /// <param name="random">Stream of <see cref="RandomPurpose.Keep"/>.</param>
    /// <param name="iteration">The iteration, from 1.</param>
    public static IReadOnlyList<KeptSample> Choose(
        IReadOnlyList<Problem> problems, IReadOnlyList<Sample> samples, EStepOptions eStep, KeptWeights weights,
        RandomStream random, int iteration)
    {
        var byProblem = samples.ToLookup(sample => sample.Completion.ProblemId);
        var kept = new List<KeptSample>();
        foreach (Problem problem in problems)
        {
            kept.AddRange(ChooseForProblem(byProblem[problem.Id], eStep, weights, random.At(iteration, problem.Id, 0)));
        }

        return kept;
    }

    private static IEnumerable<KeptSample> ChooseForProblem(
        IEnumerable<Sample> samples, EStepOptions eStep, KeptWeights weights, RandomStream random)
    {
        IGrouping<string, Sample>[] distinct =
        [
            .. samples
                .Where(sample => sample.IsFinished && (eStep.Keep is KeepRule.Any || sample.IsCorrect))
                .OrderBy(sample => sample.Completion.Index)
                .GroupBy(sample => sample.Completion.Text, StringComparer.Ordinal),
        ];
        if (distinct.Length > eStep.KeepLimit)
        {
            random.Sequence().Shuffle<IGrouping<string, Sample>>(distinct);
            distinct = [.. distinct.Take(eStep.KeepLimit).OrderBy(group => group.First().Completion.Index)];
        }

        double total = distinct.Sum(group => group.Count());
        foreach (var group in distinct)
        {
            Sample first = group.First();
            int count = group.Count();
            double weight = weights is KeptWeights.Count ? count / total : 1;
            yield return new KeptSample(first.Completion.ProblemId, first.Completion.Index, count, weight, first);
        }
    }
}
