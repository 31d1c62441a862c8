using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Reporting;

/// <summary>What the sections of a report read.</summary>
internal sealed class ReportData(RunLedger ledger, RunSummary summary, string resolvedConfig)
{
    private readonly Dictionary<(int Iteration, string Set), IReadOnlyDictionary<string, double[]>> _values = [];

    internal RunLedger Ledger => ledger;

    internal RunSummary Summary => summary;

    internal RunView View => summary.View;

    internal int Best => summary.BestIteration;

    /// <summary>What the phases of the last profiled start waited for; empty without one.</summary>
    internal IReadOnlyList<PhaseProfile> Profile { get; init; } = [];

    /// <summary>The configuration as it was run; empty where the folder has none.</summary>
    internal string ResolvedConfig => resolvedConfig;

    internal RandomStream Random => RandomStream.Of(View.Seed, RandomPurpose.Bootstrap);

    /// <summary>Whether iterations stand for policies of a run, rather than for evaluated models.</summary>
    internal bool IsRun => View.Models.Count == 0;

    /// <summary>Per-problem values of every metric, in the order of the set's problems.</summary>
    internal IReadOnlyDictionary<string, double[]> Values(EvaluationSet set, int iteration)
    {
        if (!_values.TryGetValue((iteration, set.Name), out var values))
        {
            values = new Evaluation(View.Verifier, ledger.Samples, ledger.Measures, View.Seed).Values(set, iteration);
            _values.Add((iteration, set.Name), values);
        }

        return values;
    }

    /// <summary>The metric that a set is first judged by: sampled pass@1, or greedy where nothing was sampled.</summary>
    internal static string MainMetric(EvaluationSet set) =>
        set.Options.Samples > 0 && set.Options.K.Contains(1) ? Metric.PassAt(1) : Metric.Greedy;
}
