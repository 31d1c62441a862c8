using System.Globalization;

namespace ReSTEM.Core;

/// <summary>Measures a policy on held-out problems.</summary>
public sealed class Evaluation(IVerifier verifier, ISampleStore samples, IMeasureStore measures, ulong seed)
{
    private RandomStream Random => RandomStream.Of(seed, RandomPurpose.Bootstrap);

    /// <summary>Name of the phase that measures a set.</summary>
    public static string Phase(EvaluationSet set) => $"evaluate {set.Name}";

    /// <summary>The phase that measures one policy on one set: draws and judges what is missing, then records every metric.</summary>
    /// <param name="drawing">Draws and judges.</param>
    /// <param name="policy">Opens the policy; not called when the phase is complete.</param>
    /// <param name="set">What is measured.</param>
    /// <param name="iteration">The policy's iteration; 0 is the base model.</param>
    /// <param name="clock">Runs the phase.</param>
    /// <param name="cancellationToken">Stops drawing.</param>
    public Task RunAsync(
        Drawing drawing, Func<PromptedPolicy> policy, EvaluationSet set, int iteration, PhaseClock clock,
        CancellationToken cancellationToken)
    {
        long total = (long)set.Problems.Count * (set.Options.Samples + (set.Options.Greedy ? 1 : 0));
        return clock.RunAsync(iteration, Phase(set), "samples", total, async () =>
        {
            await DrawAsync(drawing, policy(), set, iteration, cancellationToken);
            return string.Join(", ", Record(set, iteration)
                .OrderBy(metric => metric.Name, StringComparer.Ordinal)
                .Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Name} {metric.Value:P1}")));
        });
    }

    /// <summary>Per-problem values of every metric of a finished evaluation, by name.</summary>
    /// <exception cref="InvalidOperationException">No sample of a problem could be judged.</exception>
    public IReadOnlyDictionary<string, double[]> Values(EvaluationSet set, int iteration)
    {
        var values = new Dictionary<string, double[]>();
        if (set.Options.Greedy)
        {
            values[Metric.Greedy] = new double[set.Problems.Count];
        }

        foreach (int k in set.Options.Samples > 0 ? set.Options.K : [])
        {
            values[Metric.PassAt(k)] = new double[set.Problems.Count];
            if (k > 1)
            {
                values[Metric.MajorityAt(k)] = new double[set.Problems.Count];
            }
        }

        for (int p = 0; p < set.Problems.Count; p++)
        {
            Fill(values, p, set, iteration);
        }

        if (SaidLabels.Of(set.Problems) is { } labels)
        {
            FillLabels(values, labels, set, iteration);
        }

        return values;
    }

    /// <summary>What is measured of labels alone.</summary>
    private void FillLabels(Dictionary<string, double[]> values, SaidLabels labels, EvaluationSet set, int iteration)
    {
        if (set.Options.Greedy)
        {
            values[Metric.MacroF1] = labels.MacroF1([.. set.Problems.Select(problem => Some(DrawId.Greedy(iteration, set.Name), problem)[0])]);
        }

        if (labels.AreSoft)
        {
            DrawId draw = set.Options.Samples > 0 ? DrawId.Sampled(iteration, set.Name) : DrawId.Greedy(iteration, set.Name);
            values[Metric.Agreement] = [.. set.Problems.Select(problem => SaidLabels.Agreement(problem, Some(draw, problem)))];
        }
    }

    /// <summary>Paired differences of every metric between two iterations' policies.</summary>
    public IReadOnlyDictionary<string, PairedDifference> Compare(EvaluationSet set, int first, int second)
    {
        var before = Values(set, first);
        var after = Values(set, second);
        return before.ToDictionary(
            metric => metric.Key, metric => Bootstrap.Difference(metric.Value, after[metric.Key], Random));
    }

    private async Task DrawAsync(
        Drawing drawing, PromptedPolicy policy, EvaluationSet set, int iteration, CancellationToken cancellationToken)
    {
        if (set.Options.Samples > 0)
        {
            await drawing.DrawAsync(policy, DrawPlans.Sampled(seed, set, iteration), cancellationToken);
        }

        if (set.Options.Greedy)
        {
            await drawing.DrawAsync(policy, DrawPlans.Greedy(seed, set, iteration), cancellationToken);
        }
    }

    private void Fill(Dictionary<string, double[]> values, int p, EvaluationSet set, int iteration)
    {
        Problem problem = set.Problems[p];
        if (set.Options.Greedy)
        {
            values[Metric.Greedy][p] = PerProblem.Greedy(Some(DrawId.Greedy(iteration, set.Name), problem));
        }

        if (set.Options.Samples == 0)
        {
            return;
        }

        var drawn = Some(DrawId.Sampled(iteration, set.Name), problem);
        var classes = set.Options.K.Any(k => k > 1) ? AnswerClasses.Of(problem, drawn, verifier) : null;
        foreach (int k in set.Options.K)
        {
            values[Metric.PassAt(k)][p] = PerProblem.Pass(drawn, k);
            if (k > 1)
            {
                values[Metric.MajorityAt(k)][p] = PerProblem.Majority(classes!, k);
            }
        }
    }

    private IReadOnlyList<Sample> Some(DrawId draw, Problem problem) => samples.Judged(draw, problem.Id) is { Count: > 0 } list
        ? list
        : throw new InvalidOperationException(
            $"no sample of problem '{problem.Id}' could be judged, expected at least 1; mend the verifier and start again, failed ones are judged anew.");

    /// <summary>Records every metric of a finished evaluation; gives their names and values.</summary>
    /// <exception cref="InvalidOperationException">No sample of a problem could be judged.</exception>
    public IReadOnlyList<(string Name, double Value)> Record(EvaluationSet set, int iteration)
    {
        var recorded = new List<(string Name, double Value)>();
        foreach (var (name, values) in Values(set, iteration))
        {
            Estimate estimate = Bootstrap.Mean(values, Random);
            measures.Write(iteration, Measure.Evaluation(set.Name, name), estimate);
            recorded.Add((name, estimate.Value));
        }

        return recorded;
    }
}
