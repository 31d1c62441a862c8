namespace ReSTEM.Models;

/// <summary>The merges of a byte-pair encoding and how they are applied: always the earliest learned merge first, leftmost first.</summary>
/// <remarks>Sennrich, Haddow and Birch 2016, arXiv:1508.07909, section 3.2.</remarks>
internal sealed class MergeTable
{
    private readonly Dictionary<(int Left, int Right), (int Rank, int Id)> _merges;

    /// <param name="merges">In the order learned; a pair that comes twice counts where it comes last.</param>
    internal MergeTable(IReadOnlyList<(int Left, int Right, int Merged)> merges)
    {
        _merges = new Dictionary<(int Left, int Right), (int Rank, int Id)>(merges.Count);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            (int left, int right, int merged) = merges[rank];
            _merges[(left, right)] = (rank, merged);
        }
    }

    /// <summary>Merges in place in O(n log n); the result is the first part of <paramref name="ids"/>, whose length is returned.</summary>
    internal int Apply(Span<int> ids)
    {
        int count = ids.Length;
        int[] next = new int[count];
        int[] previous = new int[count];
        PriorityQueue<(int Position, int Left, int Right, int Merged), long> queue = new(count);
        for (int i = 0; i < count; i++)
        {
            previous[i] = i - 1;
            next[i] = i + 1 < count ? i + 1 : -1;
            Offer(queue, ids, next, i);
        }

        // A merge leaves its right symbol's place empty (-1); offers made for pairs that have changed since are passed over.
        while (queue.TryDequeue(out var merge, out _))
        {
            int right = next[merge.Position];
            if (right < 0 || ids[merge.Position] != merge.Left || ids[right] != merge.Right)
            {
                continue;
            }

            ids[merge.Position] = merge.Merged;
            ids[right] = -1;
            next[merge.Position] = next[right];
            if (next[right] >= 0)
            {
                previous[next[right]] = merge.Position;
            }

            Offer(queue, ids, next, merge.Position);
            if (previous[merge.Position] >= 0)
            {
                Offer(queue, ids, next, previous[merge.Position]);
            }
        }

        int kept = 0;
        for (int i = 0; i >= 0 && i < count; i = next[i])
        {
            ids[kept++] = ids[i];
        }

        return kept;
    }

    private void Offer(
        PriorityQueue<(int Position, int Left, int Right, int Merged), long> queue, Span<int> ids, int[] next, int position)
    {
        int right = next[position];
        if (right >= 0 && _merges.TryGetValue((ids[position], ids[right]), out (int Rank, int Id) merge))
        {
            queue.Enqueue((position, ids[position], ids[right], merge.Id), ((long)merge.Rank << 32) | (uint)position);
        }
    }
}
