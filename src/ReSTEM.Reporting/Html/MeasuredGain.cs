using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>The gain of E[log Z] by an M-step, measured on the training problems with the weights of the predicted gain.</summary>
internal static class MeasuredGain
{
    private const double Prior = 0.5;

    /// <summary>
    /// The gain of an iteration with its interval; null where there is no later draw with as many samples, or where another model was sampled.
    /// </summary>
    internal static Estimate? Of(ReportData data, int iteration)
    {
        if (data.View.Options?.EStep.Policy is { Length: > 0 })
        {
            return null;
        }

        var weights = data.Ledger.ReadKept(iteration).GroupBy(kept => kept.ProblemId, StringComparer.Ordinal)
            .ToDictionary(kept => kept.Key, kept => (double)kept.Sum(sample => sample.Count));
        var before = LogZ(data.Ledger.ReadSamples(DrawKey.EStep(iteration)));
        var later = data.Ledger.ReadSamples(DrawKey.EStep(iteration + 1));
        var after = LogZ(later.Count > 0 ? later : data.Ledger.ReadSamples(DrawKey.TrainGap(iteration)));
        if (weights.Count == 0 || weights.Keys.Any(id => !after.TryGetValue(id, out var there) || there.Drawn != before[id].Drawn))
        {
            return null;
        }

        double mean = weights.Values.Average();
        double[] gains = [.. weights.OrderBy(problem => problem.Key, StringComparer.Ordinal)
            .Select(problem => problem.Value / mean * (after[problem.Key].LogZ - before[problem.Key].LogZ))];
        return Bootstrap.Mean(gains, data.Random);
    }

    private static Dictionary<string, (int Drawn, double LogZ)> LogZ(IReadOnlyList<Sample> samples) => samples
        .GroupBy(sample => sample.Completion.ProblemId, StringComparer.Ordinal)
        .ToDictionary(problem => problem.Key, problem =>
        {
            int drawn = problem.Count();
            int correct = problem.Count(sample => sample.IsCorrect);
            return (drawn, Digamma.Of(correct + Prior) - Digamma.Of(drawn + (2 * Prior)));
        });
}
