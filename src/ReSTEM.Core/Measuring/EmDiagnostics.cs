namespace ReSTEM.Core;

/// <summary>What the E-step says about EM itself.</summary>
/// <remarks>
/// Success probability of a problem with c correct of n samples: Beta(c + a, n - c + a) with a = 1/2 (Jeffreys);
/// E[log Z] = psi(c + a) - psi(n + 2a). KL(q || p) of a problem is -log Z. Both are exact only for samples drawn from p itself:
/// a temperature below 1 or top-k makes them statements about the sampled distribution.
/// </remarks>
public static class EmDiagnostics
{
    private const double Prior = 0.5;

    /// <summary>Named numbers of one E-step.</summary>
    /// <param name="problems">The training problems.</param>
    /// <param name="samples">All samples of the E-step.</param>
    /// <param name="previous">Those of the E-step before; empty in iteration 1.</param>
    /// <param name="kept">What was kept.</param>
    public static IReadOnlyDictionary<string, double> Of(
        IReadOnlyList<Problem> problems, IReadOnlyList<Sample> samples, IReadOnlyList<Sample> previous,
        IReadOnlyList<KeptSample> kept)
    {
        var counts = Counts(problems, samples);
        double[] logZ = [.. counts.Select(count => Digamma.Of(count.Correct + Prior) - Digamma.Of(count.Drawn + (2 * Prior)))];
        double[] logZOfSolved = [.. logZ.Where((_, p) => counts[p].Correct > 0)];
        double weight = kept.Sum(sample => sample.Weight);
        double squares = kept.Sum(sample => sample.Weight * sample.Weight);
        var result = new Dictionary<string, double>
        {
            ["em/log_z"] = logZ.Average(),
            ["em/kl"] = logZOfSolved.Length == 0 ? 0 : -logZOfSolved.Average(),
            ["em/effective_samples"] = squares == 0 ? 0 : weight * weight / squares,
            ["em/always_solved"] = counts.Count(count => count.Correct == count.Drawn),
            ["em/sometimes_solved"] = counts.Count(count => count.Correct > 0 && count.Correct < count.Drawn),
            ["em/never_solved"] = counts.Count(count => count.Correct == 0),
        };
        if (previous.Count > 0)
        {
            var before = Counts(problems, previous);
            result["em/newly_solved"] = counts.Where((count, p) => count.Correct > 0 && before[p].Correct == 0).Count();
            result["em/lost"] = counts.Where((count, p) => count.Correct == 0 && before[p].Correct > 0).Count();
        }

        return result;
    }

    /// <summary>
    /// Predicted gain B: mean over accepted samples of log p(y|x) under the new policy minus under the one that was sampled.
    /// By Jensen's inequality it bounds the gain of log Z from below, for untempered sampling.
    /// </summary>
    /// <param name="kept">The kept samples; each counts as often as it was drawn.</param>
    /// <param name="after">Their log-probabilities under the new policy, in nats.</param>
    public static double PredictedGain(IReadOnlyList<KeptSample> kept, IReadOnlyList<double> after)
    {
        double sum = 0;
        double count = 0;
        for (int i = 0; i < kept.Count; i++)
        {
            sum += kept[i].Count * (after[i] - kept[i].Sample.Completion.LogProbability);
            count += kept[i].Count;
        }

        return sum / count;
    }

    private static (int Drawn, int Correct)[] Counts(IReadOnlyList<Problem> problems, IReadOnlyList<Sample> samples)
    {
        var byProblem = samples.ToLookup(sample => sample.Completion.ProblemId, StringComparer.Ordinal);
        return [.. problems.Select(problem => (byProblem[problem.Id].Count(), byProblem[problem.Id].Count(sample => sample.IsCorrect)))];
    }
}
