using System.Globalization;

namespace ReSTEM.Core;

/// <summary>Measures a policy on held-out problems.</summary>
public sealed class Evaluation(IVerifier verifier, IRunLedger ledger, ulong seed)
{
    /// <summary>The phase that measures one policy on one set: draws and judges what is missing, then records every metric.</summary>
    /// <param name="drawing">Draws and judges.</param>
    /// <param name="policy">Opens the policy; not called when the phase is complete.</param>
    /// <param name="set">What is measured.</param>
    /// <param name="iteration">The policy's iteration; 0 is the base model.</param>
    /// <param name="clock">Runs the phase.</param>
    /// <param name="cancellationToken">Stops drawing.</param>
    public Task RunAsync(
        Drawing drawing, Func<IPolicy> policy, EvaluationSet set, int iteration, PhaseClock clock, CancellationToken cancellationToken)
    {
        long total = (long)set.Problems.Count * (set.Options.Samples + (set.Options.Greedy ? 1 : 0));
        return clock.RunAsync(iteration, $"evaluate {set.Name}", "samples", total, async () =>
        {
            await DrawAsync(drawing, policy(), set, iteration, cancellationToken);
            Record(set, iteration);
            return string.Join(", ", ledger.ReadMeasures(iteration)
                .Where(measure => measure.Key.StartsWith(set.Name + "/", StringComparison.Ordinal))
                .Select(measure => string.Create(
                    CultureInfo.InvariantCulture, $"{measure.Key[(set.Name.Length + 1)..]} {measure.Value.Value:P1}")));
        });
    }

    private async Task DrawAsync(
        Drawing drawing, IPolicy policy, EvaluationSet set, int iteration, CancellationToken cancellationToken)
    {
        var random = RandomStream.Of(seed, RandomPurpose.Evaluation);
        if (set.Options.Samples > 0)
        {
            await drawing.DrawAsync(
                policy,
                new DrawPlan(
                    DrawKey.Sampled(iteration, set.Name), set.Problems, set.Options.Samples, set.Options.Sampling, random, iteration == 0),
                cancellationToken);
        }

        if (set.Options.Greedy)
        {
            var greedy = set.Options.Sampling with { Temperature = 0 };
            await drawing.DrawAsync(
                policy,
                new DrawPlan(DrawKey.Greedy(iteration, set.Name), set.Problems, 1, greedy, random, iteration == 0),
                cancellationToken);
        }
    }

    /// <summary>Per-problem values of every metric of a finished evaluation.</summary>
    public IReadOnlyDictionary<string, double[]> Values(EvaluationSet set, int iteration)
    {
        var values = new Dictionary<string, double[]>();
        if (set.Options.Greedy)
        {
            values[PerProblem.Greedy] = PerProblem.OfGreedy(set.Problems, ledger.ReadSamples(DrawKey.Greedy(iteration, set.Name)).Judged());
        }

        if (set.Options.Samples > 0)
        {
            var samples = ledger.ReadSamples(DrawKey.Sampled(iteration, set.Name)).Judged();
            foreach (var (name, list) in PerProblem.Sampled(set.Problems, samples, set.Options.K, verifier))
            {
                values[name] = list;
            }
        }

        return values;
    }

    private void Record(EvaluationSet set, int iteration)
    {
        foreach (var (name, values) in Values(set, iteration))
        {
            ledger.WriteMeasure(iteration, $"{set.Name}/{name}", Bootstrap.Mean(values, Random));
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

    private RandomStream Random => RandomStream.Of(seed, RandomPurpose.Bootstrap);
}
