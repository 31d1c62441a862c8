using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>The gain of E[log Z] by an M-step, measured on the training problems with the weights of the predicted gain.</summary>
internal static class MeasuredGain
{
    private const double Prior = 0.5;

    /// <summary>
    /// The gain of an iteration with its interval; null where there is no later draw, or where another model was sampled.
    /// Of two draws of different size the first samples are taken, as many as both have: E[log Z] depends on their number.
    /// </summary>
    internal static Estimate? Of(ReportData data, int iteration)
    {
        if (data.View.Options?.EStep.Policy is { Length: > 0 })
        {
            return null;
        }

        var weights = data.Ledger.ReadKept(iteration).GroupBy(kept => kept.ProblemId, StringComparer.Ordinal)
            .ToDictionary(kept => kept.Key, kept => (double)kept.Sum(sample => sample.Count));
        var first = data.Ledger.ReadSamples(DrawKey.EStep(iteration));
        var second = data.Ledger.ReadSamples(DrawKey.EStep(iteration + 1));
        second = second.Count > 0 ? second : data.Ledger.ReadSamples(DrawKey.TrainGap(iteration));
        int common = Math.Min(PerProblem(first), PerProblem(second));
        var before = LogZ(first, common);
        var after = LogZ(second, common);
        if (weights.Count == 0 || weights.Keys.Any(id => !after.ContainsKey(id)))
        {
            return null;
        }

        double mean = weights.Values.Average();
        double[] gains = [.. weights.OrderBy(problem => problem.Key, StringComparer.Ordinal)
            .Select(problem => problem.Value / mean * (after[problem.Key] - before[problem.Key]))];
        return Bootstrap.Mean(gains, data.Random);
    }

    private static int PerProblem(IReadOnlyList<Sample> samples) =>
        samples.Count == 0 ? 0 : samples.Max(sample => sample.Completion.Index) + 1;

    /// <summary>E[log Z] of every problem from its first samples.</summary>
    private static Dictionary<string, double> LogZ(IReadOnlyList<Sample> samples, int count) => samples
        .Where(sample => sample.Completion.Index < count)
        .GroupBy(sample => sample.Completion.ProblemId, StringComparer.Ordinal)
        .ToDictionary(
            problem => problem.Key,
            problem => Digamma.Of(problem.Count(sample => sample.IsCorrect) + Prior) - Digamma.Of(problem.Count() + (2 * Prior)));
}
