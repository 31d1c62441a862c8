using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Reporting;

/// <summary>Reads summaries out of ledgers.</summary>
public static class SummaryReader
{
    /// <summary>The summary of a run or evaluation, finished or not.</summary>
    public static RunSummary Read(RunLedger ledger, RunView view)
    {
        int last = Enumerable.Range(1, view.Iterations).TakeWhile(iteration => IsMeasurable(ledger, view, iteration)).LastOrDefault();
        int best = BestIteration.Of(ledger.Measures, last);
        var trainedOn = TrainedExamples.Count(ledger, view, last);
        bool complete = view.Models.Count > 0 || ledger.Phases.IsComplete(0, SelfTraining.RunPhase);
        return new RunSummary
        {
            View = view,
            Status = complete ? RunSummary.Complete : RunSummary.Incomplete,
            BestIteration = best,
            Iterations = [.. Enumerable.Range(0, view.Iterations + 1)
                .Select(iteration => ReadIteration(ledger, view, iteration) with { TrainedOn = trainedOn.TryGetValue(iteration, out int count) ? count : null })
                .Where(entry => entry.Iteration == 0 || entry.Evaluations.Count > 0 || entry.Costs.Count > 0)],
            Differences = best == 0 ? [] : Differences(ledger, view, best),
            Difficulty = best == 0 || view.MainSet is not { } main ? [] : Bins(ledger, view, main, best),
            Digest = ledger.ContentDigest(),
        };
    }

    /// <summary>Metric names in the order to show: pass@k by k, maj@k by k, greedy, then what is of labels.</summary>
    internal static IEnumerable<string> InOrder(IEnumerable<string> metrics) => metrics
        .OrderBy(Family)
        .ThenBy(name => int.TryParse(name[(name.IndexOf('@', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture, out int k) ? k : 0);

    private static int Family(string metric) => metric switch
    {
        _ when metric.StartsWith("pass@", StringComparison.Ordinal) => 0,
        _ when metric.StartsWith("maj@", StringComparison.Ordinal) => 1,
        Metric.MacroF1 => 3,
        Metric.Agreement => 4,
        _ => 2,
    };

    private static bool IsMeasurable(RunLedger ledger, RunView view, int iteration) =>
        view.Models.Count > 0 || ledger.Training.Read(iteration) is not null;

    private static IterationSummary ReadIteration(RunLedger ledger, RunView view, int iteration)
    {
        var measures = ledger.Measures.Read(iteration);
        return new IterationSummary
        {
            Iteration = iteration,
            Evaluations = [.. view.Evaluations.Select(set => ReadSet(measures, set)).Where(set => set.Metrics.Count > 0)],
            Kept = Count(measures, Measure.Kept),
            ProblemsSolved = Count(measures, Measure.Solved),
            Train = Train(measures, view),
            Validation = measures.ContainsKey(Measure.ValidationReward) ? Validation(ledger, view, iteration) : null,
            SampledBy = iteration == 0 ? 0 : new PolicyLine(ledger.Measures, view.Iterations).SampledBy(iteration),
            Decision = ValidationDecision.Read(ledger.Measures, iteration),
            Diagnostics = measures
                .Where(measure => measure.Key.IsDiagnostic)
                .ToDictionary(measure => measure.Key, measure => measure.Value.Value),
            Costs = ledger.Phases.ReadCosts(iteration),
        };
    }

    // Beside a main set of one task belong the training problems of that task.
    private static Estimate? Train(IReadOnlyDictionary<Measure, Estimate> measures, RunView view)
    {
        var tasks = view.MainSet?.Problems.Select(problem => problem.Task).Distinct().Take(2).ToList() ?? [];
        return tasks.Count == 1 && measures.TryGetValue(Measure.TrainRewardOf(tasks[0]), out Estimate same) ? same
            : measures.TryGetValue(Measure.TrainReward, out Estimate all) ? all
            : null;
    }

    private static SetSummary ReadSet(IReadOnlyDictionary<Measure, Estimate> measures, EvaluationSet set)
    {
        string[] names = [.. set.Options.K.SelectMany(k => new[] { Metric.PassAt(k), Metric.MajorityAt(k) }), Metric.Greedy, Metric.MacroF1, Metric.Agreement];
        return new SetSummary(set.Name, set.Problems.Count, set.Options.Samples, [.. InOrder(names.Distinct())
            .Where(name => measures.ContainsKey(Measure.Evaluation(set.Name, name)))
            .Select(name => KeyValuePair.Create(name, measures[Measure.Evaluation(set.Name, name)]))]);
    }

    private static int? Count(IReadOnlyDictionary<Measure, Estimate> measures, Measure measure) =>
        measures.TryGetValue(measure, out Estimate value) ? (int)value.Value : null;

    /// <summary>The reward with an interval over problems, which the loop does not need and the ledger does not have.</summary>
    private static Estimate Validation(RunLedger ledger, RunView view, int iteration)
    {
        int epoch = ledger.Training.Read(iteration)?.ChosenEpoch ?? 0;
        double[] rates = [.. view.Validation
            .OrderBy(problem => problem.Id, StringComparer.Ordinal)
            .Select(problem => ledger.Samples.Judged(DrawId.Validation(iteration, epoch), problem.Id))
            .Where(samples => samples.Count > 0)
            .Select(samples => samples.Average(sample => sample.Reward))];
        return Bootstrap.Mean(rates, RandomStream.Of(view.Seed, RandomPurpose.Bootstrap));
    }

    private static IReadOnlyList<DifficultyBin> Bins(RunLedger ledger, RunView view, EvaluationSet set, int best) =>
        ReadSet(ledger.Measures.Read(0), set).Metrics.Count > 0 && ReadSet(ledger.Measures.Read(best), set).Metrics.Count > 0
            ? DifficultyBin.Of(ledger, view, set, best)
            : [];

    private static SetDifferences[] Differences(RunLedger ledger, RunView view, int best)
    {
        var evaluation = new Evaluation(view.Verifier, ledger.Samples, ledger.Measures, view.Seed);
        var first = ledger.Measures.Read(0);
        var second = ledger.Measures.Read(best);
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
