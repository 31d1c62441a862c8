using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>
/// Keys and values of one key head over consecutive blocks, gathered into panels: many rows read them, and a chain of sums stays in
/// registers over many positions instead of one block's. The chains are those of <see cref="BlockAttention"/>.
/// </summary>
internal unsafe struct HeadPanels
{
    /// <summary>
    /// Positions between two looks at which rows see what: values of so many lie in the first cache, and rows that see none of them
    /// are left out.
    /// </summary>
    internal const int MixedAtOnce = 64;

    private const int KeySlot = 3; // of the thread's scratch memory
    private const int ValueSlot = 5;

    private PanelShape _positions; // columns of the keys
    private PanelShape _columns; // of the values
    private float* _keys;
    private float* _values;
    private int _headDim;

    /// <summary>Position of the first column.</summary>
    internal int Begin { get; private set; }

    /// <summary>Gathers blocks; lives until the thread gathers others.</summary>
    /// <param name="cache">The layer's keys and values.</param>
    /// <param name="kvHead">Whose.</param>
    /// <param name="table">Block numbers in order of position.</param>
    /// <param name="firstBlock">First place in the table.</param>
    /// <param name="blocks">Place after the last; at least two blocks.</param>
    internal static HeadPanels Gather(KvBlocks cache, int kvHead, int* table, int firstBlock, int blocks)
    {
        int count = (blocks - firstBlock) * KvBlocks.BlockLength;
        var panels = new HeadPanels
        {
            _positions = new PanelShape(count),
            _columns = new PanelShape(cache.ValueDim),
            _headDim = cache.Shape.HeadDim,
            Begin = firstBlock * KvBlocks.BlockLength,
        };
        panels._keys = Scratch.Get(KeySlot, panels._positions.PaddedColumns * cache.Shape.HeadDim).Pointer;
        panels._values = Scratch.Get(ValueSlot, panels._columns.PaddedColumns * count).Pointer;
        for (int block = firstBlock; block < blocks; block++)
        {
            panels.AddKeys(cache, cache.KeysOf(kvHead) + (table[block] * (nint)cache.KeyBlockSize), (block - firstBlock) * KvBlocks.BlockLength);
            panels.AddValues(cache, cache.ValuesOf(kvHead) + (table[block] * (nint)cache.ValueBlockSize), (block - firstBlock) * KvBlocks.BlockLength, count);
        }

        return panels;
    }

    /// <summary><c>scores[r, t] = queries[r] . key[t]</c> from <see cref="Begin"/> up to a position; scores of later ones may be written too.</summary>
    internal readonly void Score(BlockRows rows, int end)
    {
        for (int panel = 0; panel < _positions.Count && Begin + _positions.Start(panel) < end; panel++)
        {
            int width = _positions.Vectors(panel) * Tile.VectorWidth, first = rows.FirstRowAt(Begin + _positions.Start(panel));
            Panel.Run(
                new Tile
                {
                    A = rows.Queries + ((nint)first * _headDim),
                    ARow = _headDim,
                    AStep = 1,
                    B = _keys + ((nint)_positions.Start(panel) * _headDim),
                    BRow = width,
                    Depth = _headDim,
                    Vectors = _positions.Vectors(panel),
                    Initial = Panel.Zeros,
                    C = rows.Scores + (first * rows.ScoreRow) + Begin + _positions.Start(panel),
                    CRow = rows.ScoreRow,
                },
                rows.Count - first, width);
        }
    }

    /// <summary><c>sums[r] += sum_t scores[r, t] value[t]</c> in the order of positions.</summary>
    /// <param name="rows">Weights in place of scores, 0 where a row does not see a position up to the next multiple of <see cref="MixedAtOnce"/>; sums [rows, ValueDim].</param>
    /// <param name="begin">First position, not before <see cref="Begin"/>.</param>
    /// <param name="end">Position after the last.</param>
    internal readonly void Mix(BlockRows rows, int begin, int end)
    {
        int valueDim = _columns.Columns, positions = _positions.Columns;
        for (int start = begin, depth; start < end; start += depth)
        {
            depth = Math.Min(MixedAtOnce - (start % MixedAtOnce), end - start);
            int first = rows.FirstRowAt(start);
            for (int panel = 0; panel < _columns.Count; panel++)
            {
                int width = _columns.Vectors(panel) * Tile.VectorWidth;
                float* sums = rows.Sums + ((nint)first * valueDim) + _columns.Start(panel);
                Panel.Run(
                    new Tile
                    {
                        A = rows.Scores + (first * rows.ScoreRow) + start,
                        ARow = rows.ScoreRow,
                        AStep = 1,
                        B = _values + ((nint)_columns.Start(panel) * positions) + ((nint)(start - Begin) * width),
                        BRow = width,
                        Depth = depth,
                        Vectors = _columns.Vectors(panel),
                        Initial = sums,
                        InitialRow = valueDim,
                        C = sums,
                        CRow = valueDim,
                    },
                    rows.Count - first, _columns.ValidColumns(panel));
            }
        }
    }

    /// <summary>A block of [Hd, 16], or of pairs, becomes 16 columns of a panel.</summary>
    private readonly void AddKeys(KvBlocks cache, float* keys, int position)
    {
        var (panel, column) = _positions.Place(position);
        nint width = _positions.Vectors(panel) * Tile.VectorWidth;
        float* target = _keys + ((nint)_positions.Start(panel) * _headDim) + column;
        for (int d = 0; d < _headDim; d += cache.IsNarrow ? 2 : 1, keys += KvBlocks.BlockLength)
        {
            if (!cache.IsNarrow)
            {
                Vector512.Store(Vector512.Load(keys), target + (d * width));
                continue;
            }

            var (first, second) = Widened(keys);
            Vector512.Store(first, target + (d * width));
            if (d + 1 < _headDim)
            {
                Vector512.Store(second, target + ((d + 1) * width));
            }
        }
    }

    /// <summary>A block of [16, ValueDim], or of pairs of positions, becomes 16 rows of the panels.</summary>
    private readonly void AddValues(KvBlocks cache, float* values, int position, int positions)
    {
        for (int column = 0; column < cache.ValueDim; column += Lanes.Count)
        {
            var (panel, within) = _columns.Place(column);
            nint width = _columns.Vectors(panel) * Tile.VectorWidth;
            float* target = _values + ((nint)_columns.Start(panel) * positions) + (position * width) + within, from = values + column;
            for (int row = 0; row < KvBlocks.BlockLength; row += cache.IsNarrow ? 2 : 1, from += cache.ValueDim)
            {
                if (!cache.IsNarrow)
                {
                    Vector512.Store(Vector512.Load(from), target + (row * width));
                    continue;
                }

                var (first, second) = Widened(from);
                Vector512.Store(first, target + (row * width));
                Vector512.Store(second, target + ((row + 1) * width));
            }
        }
    }

    /// <summary>16 words of two bfloat16 each, the lower halves and the upper ones.</summary>
    private static (Vector512<float> First, Vector512<float> Second) Widened(float* pairs)
    {
        var words = Vector512.Load((uint*)pairs);
        return ((words << 16).AsSingle(), (words & Vector512.Create(0xFFFF0000)).AsSingle());
    }
}
