using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Reporting;

/// <summary>Reads summaries out of ledgers.</summary>
public static class SummaryReader
{
    private const string DiagnosticPrefix = "em/";

    /// <summary>The summary of a run or evaluation, finished or not.</summary>
    public static RunSummary Read(RunLedger ledger, RunView view)
    {
        int last = Enumerable.Range(1, view.Iterations).TakeWhile(iteration => IsMeasurable(ledger, view, iteration)).LastOrDefault();
        int best = BestIteration.Of(ledger, last);
        bool complete = view.Models.Count > 0 || ledger.IsComplete(0, SelfTraining.RunPhase);
        return new RunSummary
        {
            View = view,
            Status = complete ? RunSummary.Complete : RunSummary.Incomplete,
            BestIteration = best,
            Iterations = [.. Enumerable.Range(0, view.Iterations + 1)
                .Select(iteration => ReadIteration(ledger, view, iteration))
                .Where(entry => entry.Iteration == 0 || entry.Evaluations.Count > 0 || entry.Costs.Count > 0)],
            Differences = best == 0 ? [] : Differences(ledger, view, best),
            Digest = ledger.ContentDigest(),
        };
    }

    /// <summary>Metric names in the order to show: pass@k by k, maj@k by k, greedy.</summary>
    internal static IEnumerable<string> InOrder(IEnumerable<string> metrics) => metrics
        .OrderBy(Family)
        .ThenBy(name => int.TryParse(name[(name.IndexOf('@', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture, out int k) ? k : 0);

    private static int Family(string metric) => metric switch
    {
        _ when metric.StartsWith("pass@", StringComparison.Ordinal) => 0,
        _ when metric.StartsWith("maj@", StringComparison.Ordinal) => 1,
        _ => 2,
    };

    private static bool IsMeasurable(RunLedger ledger, RunView view, int iteration) =>
        view.Models.Count > 0 || ledger.ReadTraining(iteration) is not null;

    private static IterationSummary ReadIteration(RunLedger ledger, RunView view, int iteration)
    {
        var measures = ledger.ReadMeasures(iteration);
        return new IterationSummary
        {
            Iteration = iteration,
            Evaluations = [.. view.Evaluations.Select(set => ReadSet(measures, set)).Where(set => set.Metrics.Count > 0)],
            Kept = Count(measures, "e-step/kept"),
            ProblemsSolved = Count(measures, "e-step/solved"),
            Train = Train(measures, view),
            Validation = measures.ContainsKey(BestIteration.Measure) ? Validation(ledger, view, iteration) : null,
            Diagnostics = measures
                .Where(measure => measure.Key.StartsWith(DiagnosticPrefix, StringComparison.Ordinal))
                .ToDictionary(measure => measure.Key[DiagnosticPrefix.Length..], measure => measure.Value.Value),
            Costs = ledger.ReadCosts(iteration),
        };
    }

    // Beside a main set of one task belong the training problems of that task.
    private static Estimate? Train(IReadOnlyDictionary<string, Estimate> measures, RunView view)
    {
        var tasks = view.MainSet?.Problems.Select(problem => problem.Task).Distinct().Take(2).ToList() ?? [];
        return tasks.Count == 1 && measures.TryGetValue(TrainReward.MeasureOf(tasks[0]), out Estimate same) ? same
            : measures.TryGetValue(TrainReward.Measure, out Estimate all) ? all
            : null;
    }

    private static SetSummary ReadSet(IReadOnlyDictionary<string, Estimate> measures, EvaluationSet set)
    {
        string prefix = set.Name + "/";
        string[] names = [.. set.Options.K.SelectMany(k => new[] { $"pass@{k}", $"maj@{k}" }), PerProblem.Greedy];
        return new SetSummary(set.Name, set.Problems.Count, set.Options.Samples, [.. InOrder(names.Distinct())
            .Where(name => measures.ContainsKey(prefix + name))
            .Select(name => KeyValuePair.Create(name, measures[prefix + name]))]);
    }

    private static int? Count(IReadOnlyDictionary<string, Estimate> measures, string name) =>
        measures.TryGetValue(name, out Estimate value) ? (int)value.Value : null;

    /// <summary>The reward with an interval over problems, which the loop does not need and the ledger does not have.</summary>
    private static Estimate Validation(RunLedger ledger, RunView view, int iteration)
    {
        int epoch = ledger.ReadTraining(iteration)?.ChosenEpoch ?? 0;
        double[] rates = [.. ledger.ReadSamples(DrawKey.Validation(iteration, epoch)).Judged()
            .GroupBy(sample => sample.Completion.ProblemId, StringComparer.Ordinal)
            .Select(problem => problem.Average(sample => sample.IsCorrect ? 1.0 : 0.0))];
        return Bootstrap.Mean(rates, RandomStream.Of(view.Seed, RandomPurpose.Bootstrap));
    }

    private static SetDifferences[] Differences(RunLedger ledger, RunView view, int best)
    {
        var evaluation = new Evaluation(view.Verifier, ledger, view.Seed);
        var first = ledger.ReadMeasures(0);
        var second = ledger.ReadMeasures(best);
        return [.. view.Evaluations
            .Where(set => ReadSet(first, set).Metrics.Count > 0 && ReadSet(second, set).Metrics.Count > 0)
            .Select(set =>
            {
                var differences = evaluation.Compare(set, 0, best);
                return new SetDifferences(
                    set.Name, [.. InOrder(differences.Keys).Select(name => KeyValuePair.Create(name, differences[name]))]);
            })];
    }
}
