using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Reporting;

/// <summary>How many examples each M-step trained on, as its objective makes them of what was kept.</summary>
internal static class TrainedExamples
{
    /// <summary>By iteration.</summary>
    /// <param name="ledger">Of the run.</param>
    /// <param name="view">With the options of a run; an evaluation trained on nothing.</param>
    /// <param name="last">The last iteration that was trained.</param>
    internal static IReadOnlyDictionary<int, int> Count(RunLedger ledger, RunView view, int last)
    {
        if (view.Options is not { } options)
        {
            return new Dictionary<int, int>();
        }

        int[] trained = [.. Enumerable.Range(1, last)];
        return options.MStep switch
        {
            { Data: MStepData.Solutions } => trained.ToDictionary(iteration => iteration, _ => view.Train.Count),
            { Accumulate: true } => Accumulated(ledger, view.Train, trained),
            _ => trained.ToDictionary(iteration => iteration, iteration => (int)ledger.Measures.Read(iteration)[Measure.Kept].Value),
        };
    }

    /// <summary>Equal texts that several iterations kept of a problem are one example.</summary>
    private static Dictionary<int, int> Accumulated(RunLedger ledger, IReadOnlyList<Problem> problems, int[] iterations)
    {
        var counts = iterations.ToDictionary(iteration => iteration, _ => 0);
        foreach (Problem problem in problems)
        {
            var texts = new HashSet<string>(StringComparer.Ordinal);
            foreach (int iteration in iterations)
            {
                texts.UnionWith(ledger.Kept.Read(iteration, problem.Id).Select(sample => sample.Sample.Completion.Text));
                counts[iteration] += texts.Count;
            }
        }

        return counts;
    }
}
