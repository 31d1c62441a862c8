using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>
/// Panels of pairs of bfloat16, <c>[in / 2][outputs]</c>: the pair's first number in the upper half of a word. Rows are rounded once for
/// all panels. An odd input dim is filled up with 0 in panels and -0 in rows: their product -0 leaves every sum as it is.
/// </summary>
/// <param name="kernel">Multiplies.</param>
internal sealed unsafe class BfloatPanels(IPairKernel kernel) : GradientFormat
{
    private const int PackedColumns = 8;
    private const int PackedPairs = 32; // at once, so that the part of a panel that is being written stays in the first cache
    private const int RowsPerItem = 16;
    private const int PreparedRows = 4; // number of the scratch buffer
    private const ushort MinusZero = 0x8000;

    internal override int Depth(int inDim) => (inDim + 1) / 2;

    internal override int PreparedLength(int inDim) => Depth(inDim) * kernel.RowWords;

    internal override void Pack(float* source, nint sourceRow, int validColumns, int width, int depth, float* target)
    {
        int whole = validColumns / Lanes.Count * Lanes.Count;
        for (int k = 0; k < depth; k += 2, source += 2 * sourceRow, target += width)
        {
            bool isWhole = k + 1 < depth;
            for (int n = 0; n < whole; n += Lanes.Count)
            {
                var pairs = BfloatRounding.Bits(Vector512.Load(source + n));
                pairs |= isWhole ? BfloatRounding.Bits(Vector512.Load(source + sourceRow + n)) >> 16 : default;
                Vector512.Store(pairs, (uint*)(target + n));
            }

            for (int n = whole; n < validColumns; n++)
            {
                ((uint*)target)[n] = Pair(source[n], isWhole ? source[sourceRow + n] : 0);
            }
        }
    }

    internal override void PackTransposed(float* source, nint sourceRow, int validColumns, int width, int depth, float* target)
    {
        uint* pairs = stackalloc uint[PackedColumns * PackedPairs];
        for (int start = 0; start < depth; start += 2 * PackedPairs)
        {
            int count = Math.Min(2 * PackedPairs, depth - start), pairCount = (count + 1) / 2;
            uint* to = (uint*)target + ((nint)(start / 2) * width);
            for (int first = 0; first < validColumns; first += PackedColumns)
            {
                int columns = Math.Min(PackedColumns, validColumns - first);
                for (int n = 0; n < columns; n++)
                {
                    BfloatRounding.Pair(
                        new ReadOnlySpan<float>(source + ((first + n) * sourceRow) + start, count), new Span<uint>(pairs + (n * PackedPairs), pairCount), filling: 0);
                }

                Panel.Transpose((float*)pairs, PackedPairs, columns, pairCount, (float*)to + first, width);
            }
        }
    }

    internal override void CopyColumn(ReadOnlySpan<float> panel, int width, int column, Span<float> values)
    {
        var pairs = MemoryMarshal.Cast<float, uint>(panel);
        for (int k = 0; k < values.Length; k++)
        {
            uint pair = pairs[(k / 2 * width) + column];
            values[k] = k % 2 == 0 ? PairSum.First(pair) : PairSum.Second(pair);
        }
    }

    internal override float* Prepare(float* rows, int count, int inDim, WorkerPool pool)
    {
        int length = PreparedLength(inDim);
        float* prepared = Scratch.Get(PreparedRows, checked(count * length)).Pointer; // lives as long as the thread's scratch
        pool.ForRanges(count, RowsPerItem, (first, end) =>
        {
            for (int row = first; row < end; row++)
            {
                PrepareRow(new ReadOnlySpan<float>(rows + ((nint)row * inDim), inDim), new Span<float>(prepared + ((nint)row * length), length));
            }
        });
        return prepared;
    }

    internal override void Run(in PanelProduct product, int rows, int validColumns) =>
        Run(product, product.ARow, kernel.RowWords, rows, validColumns);

    internal override int StripLength(int width, int depth) => Depth(depth) * width * kernel.RowWords;

    internal override void PackStrip(float* source, nint sourceRow, int columns, int width, int depth, float* target)
    {
        int words = kernel.RowWords, whole = columns / Lanes.Count * Lanes.Count;
        uint* to = (uint*)target;
        for (int k = 0; k < depth; k += 2, to += width * words)
        {
            float* first = source + (k * sourceRow), second = k + 1 < depth ? first + sourceRow : null;
            int n = 0;
            for (; n < whole; n += Lanes.Count)
            {
                var one = BfloatRounding.Bits(Vector512.Load(first + n));
                var other = BfloatRounding.Bits(second == null ? Vector512.Create(-0f) : Vector512.Load(second + n));
                if (words == 1)
                {
                    Vector512.Store(one | (other >> 16), to + n);
                    continue;
                }

                Vector512.Store(Vector512.WidenLower(one) | (Vector512.WidenLower(other) << 32), (ulong*)(to + (n * words)));
                Vector512.Store(Vector512.WidenUpper(one) | (Vector512.WidenUpper(other) << 32), (ulong*)(to + (n * words) + Lanes.Count));
            }

            for (; n < columns; n++)
            {
                uint one = Rounded(first[n]), other = second == null ? (uint)MinusZero << 16 : Rounded(second[n]);
                to[n * words] = words == 1 ? one | (other >> 16) : one;
                to[(n * words) + words - 1] = words == 1 ? one | (other >> 16) : other;
            }
        }
    }

    internal override void RunStrip(in PanelProduct product, int width, int rows, int validColumns) =>
        Run(product, kernel.RowWords, width * kernel.RowWords, rows, validColumns);

    private void Run(in PanelProduct product, nint aRow, nint aStep, int rows, int validColumns) => PairPanel.Run(
        kernel,
        new PairTile
        {
            A = (byte*)product.A,
            ARow = aRow * sizeof(float),
            AStep = aStep * sizeof(float),
            B = (uint*)product.B,
            BStep = product.Vectors * Tile.VectorWidth * sizeof(uint),
            Ahead = product.Ahead,
            Pairs = Depth(product.InDim),
            Vectors = product.Vectors,
            Initial = (byte*)product.Initial,
            InitialRow = product.InitialRow * sizeof(float),
            C = (byte*)product.C,
            CRow = product.CRow * sizeof(float),
        },
        rows, validColumns);

    private void PrepareRow(ReadOnlySpan<float> row, Span<float> prepared)
    {
        if (kernel.WidensRows)
        {
            prepared[^1] = -0f;
            BfloatRounding.Round(row, prepared[..row.Length]);
        }
        else
        {
            BfloatRounding.Pair(row, MemoryMarshal.Cast<float, uint>(prepared), MinusZero);
        }
    }

    private static uint Pair(float first, float second) =>
        Rounded(first) | (Rounded(second) >> 16);

    private static uint Rounded(float value) => BitConverter.SingleToUInt32Bits(BfloatRounding.Round(value));
}
