namespace ReSTEM.Core;

/// <summary>How far those who rated one item agree.</summary>
/// <remarks>Li et al. 2023, arXiv:2310.07849, section 5: a_i = max over y of the share of ratings of item i that are y.</remarks>
public static class RaterAgreement
{
    /// <summary>Share of the most frequent label among an item's ratings, in (0, 1]; 1 for a single rating.</summary>
    /// <param name="ratings">What each rater said; raters who said nothing are left out.</param>
    /// <exception cref="ArgumentException">There are no ratings.</exception>
    public static double Of(IReadOnlyCollection<string> ratings) => (double)Counts(ratings)[0].Count / ratings.Count;

    /// <summary>The label that more ratings have than any other; null where several have as many.</summary>
    /// <param name="ratings">As above.</param>
    /// <exception cref="ArgumentException">There are no ratings.</exception>
    public static string? Majority(IReadOnlyCollection<string> ratings) =>
        Counts(ratings) is var counts && counts.Count > 1 && counts[1].Count == counts[0].Count ? null : counts[0].Label;

    /// <summary>Labels with how often each was given, the most frequent first.</summary>
    private static List<(string Label, int Count)> Counts(IReadOnlyCollection<string> ratings) => ratings.Count > 0
        ? [.. ratings.GroupBy(rating => rating, StringComparer.Ordinal).Select(group => (group.Key, group.Count())).OrderByDescending(entry => entry.Item2).ThenBy(entry => entry.Key, StringComparer.Ordinal)]
        : throw new ArgumentException("ratings.Count is 0, expected at least 1 rating.", nameof(ratings));
}
