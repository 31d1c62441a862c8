using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>
/// Says in plain sentences what kind of gain was measured, by rule: pass@1 up while pass@k stays is sharpening towards what the
/// base model could already do; both up is a broader policy; an interval that includes 0 is no shown gain.
/// </summary>
/// <remarks>On pass@k as the measure of reach: Yue et al. 2025, arXiv:2504.13837.</remarks>
public static class GainReading
{
    private const string PassAtOne = "pass@1";
    private const double NormalQuantile = 1.96;

    /// <summary>The sentences, the most important one first.</summary>
    public static IReadOnlyList<string> Of(RunSummary summary)
    {
        var sentences = new List<string>();
        if (summary.View.MainSet is not { } main || summary.Iterations.All(iteration => iteration.Evaluations.Count == 0))
        {
            return ["No problem set was measured, so nothing can be said about a gain."];
        }

        if (summary.BestIteration == 0)
        {
            sentences.AddRange(OfNoBetterIteration(summary));
        }

        foreach (SetDifferences set in summary.Differences.OrderBy(set => set.Set == main.Name ? 0 : 1))
        {
            sentences.Add(set.Set == main.Name ? OfMain(set, Names(summary)) : OfTransfer(set));
            sentences.AddRange(set.Set == main.Name ? OfOthers(set) : []);
        }

        if (summary.Differences.Count > 0 && summary.View.PromptsDiffer(0, summary.BestIteration))
        {
            sentences.Add("The base model was given worked examples before each problem and the trained policies were not: differences between them are those of policies and prompts together.");
        }

        sentences.AddRange(OfDecisions(summary));
        sentences.AddRange(OfOverFitting(summary, main.Name));
        return sentences;
    }

    private static IEnumerable<string> OfNoBetterIteration(RunSummary summary)
    {
        if (summary.Iterations.Count > 1 && summary.View.Models.Count == 0 && summary.Iterations[^1].Validation is not null)
        {
            yield return "No iteration had a better validation reward than the base model, so the base model is the result: no gain.";
        }
    }

    /// <summary>Where the run did not take its plain course.</summary>
    private static IEnumerable<string> OfDecisions(RunSummary summary) =>
        from entry in summary.Iterations
        where entry.Decision is { } decision && (decision.Stops || decision.GoesOnFrom != entry.Iteration) && summary.View.Options is not null
        select $"On the validation problems iteration {entry.Iteration} was {entry.Decision!.Describe(summary.View.Options!.Validation.Level)}.";

    private static (string First, string Second) Names(RunSummary summary) => summary.View.Models.Count > 1
        ? (summary.View.Models[0], summary.View.Models[1])
        : ("the base model", $"iteration {summary.BestIteration}");

    private static string OfMain(SetDifferences set, (string First, string Second) names)
    {
        if ((set.Find(PassAtOne) ?? set.Find(Metric.Greedy)) is not { } one)
        {
            return $"{set.Set} has no pass@1, so the kind of gain is not known.";
        }

        string name = set.Find(PassAtOne) is null ? Metric.Greedy : PassAtOne;
        string moved = $"{name} on {set.Set} {Moved(one)} from {names.First} to {names.Second}";
        if (one.Low <= 0 && one.High >= 0)
        {
            return $"No shown gain: {moved}; the interval includes 0.";
        }

        if (one.High < 0)
        {
            return $"A loss: {moved}.";
        }

        var (wide, many) = set.Metrics
            .Where(metric => metric.Key.StartsWith("pass@", StringComparison.Ordinal) && metric.Key != PassAtOne)
            .Select(metric => (metric.Key, (PairedDifference?)metric.Value))
            .LastOrDefault();
        return many switch
        {
            null => $"A gain: {moved}. Without pass@k for a larger k its kind is not known.",
            { Low: > 0 } => $"A broader policy: {moved}, and {wide} {Moved(many.Value)} too: " +
                $"problems came within reach that {names.First} did not solve in as many samples.",
            { High: < 0 } => $"Sharpening at a price: {moved}, but {wide} {Moved(many.Value)}: " +
                $"right answers became more frequent while some problems that {names.First} could solve were lost.",
            _ => $"Sharpening: {moved}, while {wide} {Moved(many.Value)}. " +
                $"Answers that {names.First} found in some of its samples are found in more of them; nothing here shows new ability.",
        };
    }

    /// <summary>Greedy and majority votes, where they went another way than what the first sentence tells.</summary>
    private static IEnumerable<string> OfOthers(SetDifferences set)
    {
        int first = (set.Find(PassAtOne) ?? set.Find(Metric.Greedy)) is { } one ? Direction(one) : 0;
        string[] others = [.. set.Metrics
            .Where(metric => metric.Key == Metric.Greedy || metric.Key.StartsWith("maj@", StringComparison.Ordinal))
            .Where(metric => Direction(metric.Value) != 0 && Direction(metric.Value) != first)
            .Select(metric => $"{metric.Key} {Moved(metric.Value)}")];
        if (others.Length > 0)
        {
            yield return $"At the same time {string.Join(" and ", others)}.";
        }
    }

    private static int Direction(PairedDifference difference) => difference.Low > 0 ? 1 : difference.High < 0 ? -1 : 0;

    private static string OfTransfer(SetDifferences set)
    {
        string name = set.Find(PassAtOne) is null ? Metric.Greedy : PassAtOne;
        return set.Find(name) switch
        {
            null => $"{set.Set} has no pass@1.",
            { } difference => $"On {set.Set}, {name} {Moved(difference)}.",
        };
    }

    /// <summary>The train-test gap of the last policy whose gap is known, beside that of the base model.</summary>
    private static IEnumerable<string> OfOverFitting(RunSummary summary, string set)
    {
        var gaps = summary.Iterations
            .Where(entry => entry.Train is not null && summary.Find(entry.Iteration, set)?.Find(PassAtOne) is not null)
            .Select(entry => (entry.Iteration, Gap: Gap(entry.Train!.Value, summary.Find(entry.Iteration, set)!.Find(PassAtOne)!.Value)))
            .ToList();
        if (gaps.Count < 2 || gaps[0].Iteration != 0)
        {
            yield break;
        }

        var (first, last) = (gaps[0].Gap, gaps[^1].Gap);
        double grown = last.Value - first.Value;
        double error = Math.Sqrt((first.Error * first.Error) + (last.Error * last.Error));
        if (grown - (NormalQuantile * error) > 0)
        {
            yield return $"Over-fitting grows: pass@1 on the training problems is ahead of {set} by {Shown.Points(last.Value)} points after " +
                $"iteration {gaps[^1].Iteration}, {Shown.Points(first.Value)} for the base model.";
        }
    }

    /// <summary>Train minus test with its standard error, as if independent; paired iterations make that too large rather than too small.</summary>
    private static (double Value, double Error) Gap(Estimate train, Estimate test) =>
        (train.Value - test.Value, Math.Sqrt(Variance(train) + Variance(test)));

    private static double Variance(Estimate estimate)
    {
        double error = (estimate.High - estimate.Low) / (2 * NormalQuantile);
        return error * error;
    }

    private static string Moved(PairedDifference difference) => difference switch
    {
        { Low: > 0 } => $"rose by {Shown.Percent(difference.Value)} points (95 % interval {Shown.Percent(difference.Low)} to {Shown.Percent(difference.High)})",
        { High: < 0 } => $"fell by {Shown.Percent(-difference.Value)} points (95 % interval {Shown.Percent(-difference.High)} to {Shown.Percent(-difference.Low)})",
        _ => $"shows no change ({Shown.Points(difference.Value)} points, 95 % interval {Shown.Interval(difference)})",
    };
}
