using System.Buffers;

namespace ReSTEM.Tokenizers;

/// <summary>The merges of a byte-pair encoding and how they are applied: always the earliest learned merge first, leftmost first.</summary>
/// <remarks>Sennrich, Haddow and Birch 2016, arXiv:1508.07909, section 3.2.</remarks>
internal sealed class MergeTable
{
    /// <summary>Up to here it is faster to look at every pair again after each merge.</summary>
    private const int ShortLength = 48;

    private readonly PairTable _merges;

    /// <param name="merges">In the order learned; a pair that comes twice counts where it comes last.</param>
    internal MergeTable(IReadOnlyList<(int Left, int Right, int Merged)> merges)
        : this(merges.Select((merge, rank) => (merge.Left, merge.Right, merge.Merged, rank)), merges.Count)
    {
    }

    /// <param name="merges">With ranks, the lowest of which goes first; of equal ranks the leftmost.</param>
    /// <param name="count">About how many there are.</param>
    internal MergeTable(IEnumerable<(int Left, int Right, int Merged, int Rank)> merges, int count)
    {
        _merges = new PairTable(count);
        foreach ((int left, int right, int merged, int rank) in merges)
        {
            _merges.Set(left, right, ((long)rank << 32) | (uint)merged);
        }
    }

    /// <summary>Merges in place in O(n log n); the result is the first part of <paramref name="ids"/>, whose length is returned.</summary>
    internal int Apply(Span<int> ids) => ids.Length <= ShortLength ? ApplyShort(ids) : ApplyLong(ids);

    private int ApplyShort(Span<int> ids)
    {
        Span<long> merges = stackalloc long[ShortLength];
        int count = ids.Length;
        for (int i = 0; i + 1 < count; i++)
        {
            merges[i] = MergeOf(ids[i], ids[i + 1]);
        }

        while (count > 1)
        {
            (int best, long least) = (-1, long.MaxValue);
            for (int i = 0; i + 1 < count; i++)
            {
                if (merges[i] >> 32 < least >> 32)
                {
                    (best, least) = (i, merges[i]);
                }
            }

            if (best < 0)
            {
                break;
            }

            ids[best] = (int)least;
            ids[(best + 2)..count].CopyTo(ids[(best + 1)..]);
            merges[(best + 1)..(count - 1)].CopyTo(merges[best..]);
            count--;
            if (best > 0)
            {
                merges[best - 1] = MergeOf(ids[best - 1], ids[best]);
            }

            if (best + 1 < count)
            {
                merges[best] = MergeOf(ids[best], ids[best + 1]);
            }
        }

        return count;
    }

    private int ApplyLong(Span<int> ids)
    {
        int count = ids.Length;
        int[] links = ArrayPool<int>.Shared.Rent(2 * count);
        Span<int> next = links.AsSpan(0, count);
        Span<int> previous = links.AsSpan(count, count);
        using OfferHeap offers = new(3 * count);
        for (int i = 0; i < count; i++)
        {
            previous[i] = i - 1;
            next[i] = i + 1 < count ? i + 1 : -1;
            Offer(offers, ids, next, i);
        }

        // A merge leaves its right symbol's place empty (-1); offers made for pairs that have changed since are passed over.
        while (offers.TryTake(out int rank, out int position))
        {
            int right = next[position];
            if (ids[position] < 0 || right < 0 || MergeOf(ids[position], ids[right]) is var merge && merge >> 32 != rank)
            {
                continue;
            }

            ids[position] = (int)merge;
            ids[right] = -1;
            next[position] = next[right];
            if (next[right] >= 0)
            {
                previous[next[right]] = position;
            }

            Offer(offers, ids, next, position);
            if (previous[position] >= 0)
            {
                Offer(offers, ids, next, previous[position]);
            }
        }

        int kept = 0;
        for (int i = 0; i >= 0 && i < count; i = next[i])
        {
            ids[kept++] = ids[i];
        }

        ArrayPool<int>.Shared.Return(links);
        return kept;
    }

    private void Offer(OfferHeap offers, Span<int> ids, Span<int> next, int position)
    {
        int right = next[position];
        long merge = right >= 0 ? MergeOf(ids[position], ids[right]) : long.MaxValue;
        if (merge != long.MaxValue)
        {
            offers.Add((int)(merge >> 32), position);
        }
    }

    /// <summary>Rank and merged id as one number, or the highest when the pair does not merge.</summary>
    private long MergeOf(int left, int right) => _merges.TryGet(left, right, out long merge) ? merge : long.MaxValue;
}
