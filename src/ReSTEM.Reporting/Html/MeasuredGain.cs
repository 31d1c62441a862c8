using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>The gain of E[log Z] by an M-step, measured on the training problems with the weights of the predicted gain.</summary>
internal static class MeasuredGain
{
    /// <summary>
    /// The gain of an iteration with its interval; null where there is no later draw of its policy, or where another model was sampled.
    /// Of two draws of different size the first samples are taken, as many as both have: E[log Z] depends on their number.
    /// </summary>
    internal static Estimate? Of(ReportData data, int iteration)
    {
        if (data.View.Options?.Teacher is not null)
        {
            return null;
        }

        var weights = data.Ledger.Kept.Read(iteration).GroupBy(kept => kept.ProblemId, StringComparer.Ordinal)
            .ToDictionary(kept => kept.Key, kept => (double)kept.Sum(sample => sample.Count));
        ISampleStore store = data.Ledger.Samples;
        DrawId first = DrawId.EStep(iteration);
        DrawId second = DrawId.EStep(iteration + 1);
        bool isOfIt = new PolicyLine(data.Ledger.Measures, data.View.Iterations).SampledBy(iteration + 1) == iteration;
        second = isOfIt && store.Count(second).Drawn > 0 ? second : DrawId.TrainGap(iteration);
        int common = Math.Min(store.Count(first).MostPerProblem, store.Count(second).MostPerProblem);
        if (weights.Count == 0 || common == 0 || weights.Keys.Any(id => LogZ(store, second, id, common) is null))
        {
            return null;
        }

        double mean = weights.Values.Average();
        double[] gains = [.. weights.OrderBy(problem => problem.Key, StringComparer.Ordinal)
            .Select(problem => problem.Value / mean *
                (LogZ(store, second, problem.Key, common)!.Value - LogZ(store, first, problem.Key, common)!.Value))];
        return Bootstrap.Mean(gains, data.Random);
    }

    /// <summary>E[log Z] of a problem from its first samples; null where it has none.</summary>
    private static double? LogZ(ISampleStore store, DrawId draw, string problemId, int count)
    {
        var samples = store.Read(draw, problemId).Where(sample => sample.Completion.Index < count).ToList();
        return samples.Count == 0 ? null : EmDiagnostics.LogZ(samples.Count(sample => sample.IsCorrect), samples.Count);
    }
}
