namespace ReSTEM.Engines;

/// <summary>Neighbouring sequences that begin alike: what they share is computed once.</summary>
/// <param name="Members">At least one, in order.</param>
/// <param name="Shared">First tokens that all have; with one member nothing is shared, and it does not matter.</param>
internal sealed record ScoredGroup(IReadOnlyList<IReadOnlyList<int>> Members, int Shared)
{
    /// <summary>
    /// Positions that are computed once, 0 for none: the last shared token stays with each member, because what follows it differs, and only a row
    /// that is computed is asked.
    /// </summary>
    internal int Once => Members.Count > 1 ? Shared - 1 : 0;

    /// <summary>Rows to compute.</summary>
    internal int Rows => Once + Members.Sum(ids => ids.Count - 1 - Once);

    /// <summary>Sequences as groups, in order.</summary>
    /// <param name="sequences">Each at least one token.</param>
    /// <param name="mostTokens">A group grows no further than this, unless one member alone is longer.</param>
    /// <param name="refuses">Whether so many shared positions, and so many in all, cannot be held.</param>
    internal static IEnumerable<ScoredGroup> Of(IEnumerable<IReadOnlyList<int>> sequences, int mostTokens, Func<int, int, bool> refuses)
    {
        ScoredGroup? group = null;
        foreach (IReadOnlyList<int> ids in sequences)
        {
            if (group is null || group.With(ids) is not { } larger || larger.Rows > mostTokens || larger.Members.Any(member => refuses(larger.Once, member.Count)))
            {
                if (group is not null)
                {
                    yield return group;
                }

                larger = new ScoredGroup([ids], ids.Count);
            }

            group = larger;
        }

        if (group is not null)
        {
            yield return group;
        }
    }

    /// <summary>The group with one more; null where that shares less than half of itself, or all of it with a longer one.</summary>
    private ScoredGroup? With(IReadOnlyList<int> ids)
    {
        int most = Math.Min(Shared, ids.Count), shared = 0;
        while (shared < most && ids[shared] == Members[0][shared])
        {
            shared++;
        }

        // A member with nothing after what is shared would have no row of its own, and needs none: it is a beginning of the others.
        return shared > 1 && 2 * shared > ids.Count && 2 * shared > Members[0].Count ? new ScoredGroup([.. Members, ids], shared) : null;
    }
}
