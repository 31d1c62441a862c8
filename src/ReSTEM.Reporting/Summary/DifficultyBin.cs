using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Reporting;

/// <summary>Problems that the base model solved about as often, and what became of them.</summary>
/// <remarks>
/// Half of the base model's samples choose the bin and the other half measure it: were they the same, the luck of the choice would count as gain
/// on hard problems and as loss on easy ones.
/// </remarks>
/// <param name="Name">In words.</param>
/// <param name="Problems">How many.</param>
/// <param name="Before">Pass@1 of the base model, by the samples that did not choose the bin.</param>
/// <param name="After">Pass@1 of the other policy, by all its samples.</param>
/// <param name="Difference">Paired by problem.</param>
public sealed record DifficultyBin(string Name, int Problems, Estimate Before, Estimate After, PairedDifference Difference)
{
    private static readonly (string Name, double Most)[] Bins =
        [("never solved", 0), ("solved in up to a quarter", 0.25), ("up to a half", 0.5), ("up to three quarters", 0.75), ("more", 1)];

    /// <summary>The bins of a set that hold problems, the hardest first; none where fewer than four samples were drawn of each problem.</summary>
    /// <param name="ledger">Of the run.</param>
    /// <param name="view">Of the run.</param>
    /// <param name="set">Measured with both policies.</param>
    /// <param name="iteration">The other policy.</param>
    internal static IReadOnlyList<DifficultyBin> Of(RunLedger ledger, RunView view, EvaluationSet set, int iteration)
    {
        if (set.Options.Samples < 4)
        {
            return [];
        }

        var random = RandomStream.Of(view.Seed, RandomPurpose.Bootstrap);
        var bins = Bins.Select(_ => (Before: new List<double>(), After: new List<double>())).ToArray();
        foreach (Problem problem in set.Problems)
        {
            var drawn = ledger.Samples.Judged(DrawId.Sampled(0, set.Name), problem.Id);
            Sample[] choosing = [.. drawn.Where(sample => sample.Completion.Index % 2 == 0)], measuring = [.. drawn.Where(sample => sample.Completion.Index % 2 == 1)];
            var after = ledger.Samples.Judged(DrawId.Sampled(iteration, set.Name), problem.Id);
            if (choosing.Length > 0 && measuring.Length > 0 && after.Count > 0)
            {
                double rate = choosing.Average(sample => sample.Reward);
                var (before, later) = bins[Array.FindIndex(Bins, bin => rate <= bin.Most)];
                before.Add(measuring.Average(sample => sample.Reward));
                later.Add(after.Average(sample => sample.Reward));
            }
        }

        return [.. bins.Zip(Bins).Where(bin => bin.First.Before.Count > 0).Select(bin => new DifficultyBin(
            bin.Second.Name, bin.First.Before.Count, Bootstrap.Mean(bin.First.Before, random), Bootstrap.Mean(bin.First.After, random),
            Bootstrap.Difference(bin.First.Before, bin.First.After, random)))];
    }
}
