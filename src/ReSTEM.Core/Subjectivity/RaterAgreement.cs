namespace ReSTEM.Core;

/// <summary>How far those who rated one item agree.</summary>
/// <remarks>Li et al. 2023, arXiv:2310.07849, section 5: a_i = max over y of the share of ratings of item i that are y.</remarks>
public static class RaterAgreement
{
    /// <summary>Share of the most frequent label among an item's ratings, in (0, 1]; 1 for a single rating.</summary>
    /// <param name="ratings">What each rater said; raters who said nothing are left out.</param>
    /// <exception cref="ArgumentException">There are no ratings.</exception>
    public static double Of(IReadOnlyCollection<string> ratings) => ratings.Count > 0
        ? ratings.CountBy(static rating => rating, StringComparer.Ordinal).Max(static entry => entry.Value) / (double)ratings.Count
        : throw new ArgumentException("ratings.Count is 0, expected at least 1 rating.", nameof(ratings));
}
