using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>
/// The two products of attention for several rows at once over blocks of keys and values that all of them read: tiles on the blocks
/// where they lie, or widened where a word holds two numbers. The chains are those of <see cref="DecodeAttention"/>.
/// </summary>
internal static unsafe class BlockAttention
{
    private const int WidenedSlot = 4; // of the thread's scratch memory

    /// <summary><c>scores[r, t] = queries[r] . key[t]</c> for the positions of some blocks.</summary>
    /// <param name="rows">Packed queries; scores of the same rows.</param>
    /// <param name="cache">The layer's keys.</param>
    /// <param name="kvHead">Whose keys.</param>
    /// <param name="table">Block numbers in order of position.</param>
    /// <param name="firstBlock">First place in the table.</param>
    /// <param name="blocks">Place after the last.</param>
    internal static void Score(BlockRows rows, KvBlocks cache, int kvHead, int* table, int firstBlock, int blocks)
    {
        int headDim = cache.Shape.HeadDim;
        fixed (float* widened = Scratch.Get(WidenedSlot, cache.IsNarrow ? headDim * KvBlocks.BlockLength : 0).Span)
        {
            for (int block = firstBlock; block < blocks; block++)
            {
                float* keys = cache.KeysOf(kvHead) + (table[block] * (nint)cache.KeyBlockSize);
                if (cache.IsNarrow)
                {
                    WidenKeys((uint*)keys, headDim, widened);
                    keys = widened;
                }

                int first = rows.FirstRow(block);
                Panel.Run(
                    new Tile
                    {
                        A = rows.Queries + ((nint)first * headDim),
                        ARow = headDim,
                        AStep = 1,
                        B = keys,
                        BRow = KvBlocks.BlockLength,
                        Depth = headDim,
                        Vectors = 1,
                        Initial = Panel.Zeros,
                        C = rows.Scores + (first * rows.ScoreRow) + (block * KvBlocks.BlockLength),
                        CRow = rows.ScoreRow,
                    },
                    rows.Count - first, KvBlocks.BlockLength);
            }
        }
    }

    /// <summary><c>sums[r] += sum_t scores[r, t] value[t]</c> in the order of positions.</summary>
    /// <param name="rows">Weights in place of scores; sums [rows, ValueDim].</param>
    /// <param name="cache">The layer's values.</param>
    /// <param name="kvHead">Whose values.</param>
    /// <param name="table">Block numbers in order of position.</param>
    /// <param name="begin">First position, at the beginning of a block.</param>
    /// <param name="end">Position after the last.</param>
    internal static void Mix(BlockRows rows, KvBlocks cache, int kvHead, int* table, int begin, int end)
    {
        int valueDim = cache.ValueDim;
        fixed (float* widened = Scratch.Get(WidenedSlot, cache.IsNarrow ? valueDim * KvBlocks.BlockLength : 0).Span)
        {
            for (int start = begin; start < end; start += KvBlocks.BlockLength)
            {
                int block = start / KvBlocks.BlockLength, depth = Math.Min(KvBlocks.BlockLength, end - start);
                float* values = cache.ValuesOf(kvHead) + (table[block] * (nint)cache.ValueBlockSize);
                if (cache.IsNarrow)
                {
                    WidenValues((uint*)values, valueDim, widened);
                    values = widened;
                }

                MixBlock(rows, rows.FirstRow(block), values, valueDim, start, depth);
            }
        }
    }

    private static void MixBlock(BlockRows rows, int first, float* values, int valueDim, int start, int depth)
    {
        for (int column = 0, vectors; column < valueDim; column += vectors * Tile.VectorWidth)
        {
            int left = (valueDim - column) / Tile.VectorWidth;
            vectors = left == 4 ? 2 : Math.Min(left, Tile.MaxVectors); // two and two rather than three and one
            float* sums = rows.Sums + ((nint)first * valueDim) + column;
            Panel.Run(
                new Tile
                {
                    A = rows.Scores + (first * rows.ScoreRow) + start,
                    ARow = rows.ScoreRow,
                    AStep = 1,
                    B = values + column,
                    BRow = valueDim,
                    Depth = depth,
                    Vectors = vectors,
                    Initial = sums,
                    InitialRow = valueDim,
                    C = sums,
                    CRow = valueDim,
                },
                rows.Count - first, vectors * Tile.VectorWidth);
        }
    }

    /// <summary>Pairs of Hd become rows of one, [Hd, 16].</summary>
    private static void WidenKeys(uint* pairs, int headDim, float* keys)
    {
        var upper = Vector512.Create(0xFFFF0000);
        for (int d = 0; d < headDim; d += 2, pairs += KvBlocks.BlockLength, keys += 2 * KvBlocks.BlockLength)
        {
            var pair = Vector512.Load(pairs);
            Vector512.Store((pair << 16).AsSingle(), keys);
            if (d + 1 < headDim)
            {
                Vector512.Store((pair & upper).AsSingle(), keys + KvBlocks.BlockLength);
            }
        }
    }

    /// <summary>Pairs of positions become rows of one, [16, ValueDim].</summary>
    private static void WidenValues(uint* pairs, int valueDim, float* values)
    {
        var upper = Vector512.Create(0xFFFF0000);
        for (int pair = 0; pair < KvBlocks.BlockLength / 2; pair++, pairs += valueDim, values += 2 * valueDim)
        {
            for (int column = 0; column < valueDim; column += Lanes.Count)
            {
                var two = Vector512.Load(pairs + column);
                Vector512.Store((two << 16).AsSingle(), values + column);
                Vector512.Store((two & upper).AsSingle(), values + valueDim + column);
            }
        }
    }
}

/// <summary>Rows of one key head that read the same blocks: the query heads that share it, token by token.</summary>
internal unsafe struct BlockRows
{
    /// <summary>[rows, Hd].</summary>
    internal float* Queries;

    /// <summary>Raw scores, then weights, [rows, ScoreRow].</summary>
    internal float* Scores;

    internal nint ScoreRow;

    /// <summary>Weighted sums of values, [rows, ValueDim].</summary>
    internal float* Sums;

    internal int Count;

    /// <summary>Rows of a token.</summary>
    internal int GroupSize;

    /// <summary>Position of the first token, if each token sees one position more than the one before; otherwise all blocks are seen by all.</summary>
    internal int? FirstPosition;

    /// <summary>The first row that sees a block.</summary>
    internal readonly int FirstRow(int block) => FirstRowAt(block * KvBlocks.BlockLength);

    /// <summary>The first row that sees a position; the count of rows where none does.</summary>
    internal readonly int FirstRowAt(int at) => FirstPosition is { } position
        ? Math.Min(Count, Math.Max(0, at - position) * GroupSize)
        : 0;

    /// <summary>Packs the queries of one token's heads.</summary>
    internal readonly void SetQueries(int token, float* heads, int headDim) =>
        new ReadOnlySpan<float>(heads, GroupSize * headDim).CopyTo(new Span<float>(Queries + ((nint)token * GroupSize * headDim), GroupSize * headDim));
}
