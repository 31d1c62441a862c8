namespace ReSTEM.Core;

/// <summary>Krippendorff's alpha for nominal labels: 1 is perfect agreement, 0 what chance gives, below 0 systematic disagreement.</summary>
/// <remarks>
/// Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C: alpha = 1 - (n - 1) * sum of o_ck over c != k / sum of n_c * n_k over
/// c != k, where a unit with m ratings adds 1 / (m - 1) to o_ck for every ordered pair of its ratings. Units with fewer than two ratings pair nothing
/// and do not count, so any rating may be missing.
/// </remarks>
public static class KrippendorffAlpha
{
    /// <summary>Of items, each with the labels that it was given; null where no two ratings can be compared, or all pairable ones are one label.</summary>
    /// <param name="items">Ratings of each item in any order; who gave which does not matter for alpha.</param>
    public static double? Nominal(IEnumerable<IReadOnlyCollection<string>> items) => NominalOfCounts(items.Select(ratings => (ratings, 1L)));

    /// <summary>The same of items that are many times there with the same ratings.</summary>
    /// <param name="items">Ratings, and how many items have them.</param>
    public static double? NominalOfCounts(IEnumerable<(IReadOnlyCollection<string> Ratings, long Count)> items)
    {
        (IReadOnlyCollection<string> Ratings, long Count)[] pairable = [.. items.Where(item => item.Ratings.Count > 1)];
        Item[] counted = [.. Pairable(pairable.Select(item => item.Ratings))];
        return Of(counted.Zip(pairable, (item, given) => (item, given.Count)), CategoriesOf(counted));
    }

    /// <summary>The same with the 95 % interval of a percentile bootstrap over items; resamples of which alpha is not defined are left out.</summary>
    /// <param name="items">As above.</param>
    /// <param name="random">Same stream, same interval.</param>
    public static Estimate? NominalWithInterval(IEnumerable<IReadOnlyCollection<string>> items, RandomStream random)
    {
        Item[] counted = [.. Pairable(items)];
        int categories = CategoriesOf(counted);
        var chosen = new int[counted.Length];
        if (Of(counted.Select(item => (item, 1L)), categories) is not { } value)
        {
            return null;
        }

        RandomSequence draws = random.Sequence();
        var resampled = new List<double>();
        for (int resample = 0; resample < Bootstrap.Resamples; resample++)
        {
            for (int i = 0; i < chosen.Length; i++)
            {
                chosen[i] = draws.Below(counted.Length);
            }

            if (Of(chosen.Select(index => (counted[index], 1L)), categories) is { } again)
            {
                resampled.Add(again);
            }
        }

        double[] sorted = [.. resampled.Order()];
        return new Estimate(value, Bootstrap.Quantile(sorted, 0.025), Bootstrap.Quantile(sorted, 0.975));
    }

    private static double? Of(IEnumerable<(Item Item, long Times)> items, int categories)
    {
        double observed = 0;
        long pairable = 0;
        var counts = new long[categories];
        foreach (var (item, times) in items)
        {
            observed += times * item.Disagreement;
            pairable += times * item.Ratings;
            foreach (var (category, count) in item.Counts)
            {
                counts[category] += times * count;
            }
        }

        double expected = ((double)pairable * pairable) - counts.Sum(count => (double)count * count); // sum of n_c * n_k over c != k
        return expected == 0 ? null : 1 - ((pairable - 1) * observed / expected);
    }

    private static int CategoriesOf(Item[] items) => items.Length == 0 ? 0 : items.Max(item => item.Counts.Max(count => count.Category)) + 1;

    private static IEnumerable<Item> Pairable(IEnumerable<IReadOnlyCollection<string>> items)
    {
        var categories = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (IReadOnlyCollection<string> ratings in items.Where(ratings => ratings.Count > 1))
        {
            var counts = new SortedDictionary<int, int>();
            foreach (string label in ratings)
            {
                categories.TryAdd(label, categories.Count);
                counts[categories[label]] = counts.GetValueOrDefault(categories[label]) + 1;
            }

            // Ordered pairs of different labels, over m - 1.
            double pairs = ((double)ratings.Count * ratings.Count) - counts.Values.Sum(count => (double)count * count);
            yield return new Item([.. counts.Select(entry => (entry.Key, entry.Value))], ratings.Count, pairs / (ratings.Count - 1));
        }
    }

    /// <param name="Counts">How often each label was given.</param>
    /// <param name="Ratings">m, at least 2.</param>
    /// <param name="Disagreement">What the item adds to the sum of o_ck over c != k.</param>
    private sealed record Item((int Category, int Count)[] Counts, int Ratings, double Disagreement);
}
