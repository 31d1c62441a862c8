using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Cuts shares off a problem set: disjoint, the same for the same problems and seed, each in the order of the set.</summary>
internal static class ProblemCut
{
    /// <summary>The parts, in the order of the shares, and what is left. A part does not depend on the shares after it.</summary>
    /// <param name="set">What is cut.</param>
    /// <param name="parts">Name and share of each part; a share is at least one problem.</param>
    /// <param name="seed">The run's.</param>
    /// <exception cref="InvalidDataException">Nothing would be left.</exception>
    internal static (IReadOnlyList<ProblemSet> Parts, ProblemSet Left) Of(ProblemSet set, IReadOnlyList<(string Name, double Share)> parts, ulong seed)
    {
        if (parts.Count == 0)
        {
            return ([], set);
        }

        int total = set.Problems.Count;
        int[] order = [.. Enumerable.Range(0, total)];
        RandomStream.Of(seed, RandomPurpose.Problems).At(0, "shares", 0).Sequence().Shuffle(order.AsSpan());
        int[] counts = [.. parts.Select(part => Math.Max(1, (int)Math.Round(part.Share * total, MidpointRounding.AwayFromZero)))];
        if (counts.Sum(count => (long)count) >= total)
        {
            throw new InvalidDataException(
                $"{set.Name} has {total} problems, expected more than the {counts.Sum(count => (long)count)} that go to {string.Join(", ", parts.Select(part => part.Name))}.");
        }

        int taken = 0;
        var cut = new List<ProblemSet>();
        for (int part = 0; part < counts.Length; part++)
        {
            cut.Add(set.Part(parts[part].Name, order.AsSpan(taken, counts[part])));
            taken += counts[part];
        }

        return (cut, set.Part(set.Name, order.AsSpan(taken)));
    }
}
