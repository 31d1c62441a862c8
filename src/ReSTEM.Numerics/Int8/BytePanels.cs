namespace ReSTEM.Numerics;

/// <summary>
/// Panels of int8, <c>[in / 4][outputs]</c>: a word holds four neighbours of a column, each plus 128, the first in the lowest byte; after
/// them a row with the columns' scales. Rows of A are rounded once for all panels.
/// </summary>
/// <param name="kernel">Multiplies.</param>
internal sealed unsafe class BytePanels(IByteKernel kernel) : PanelFormat
{
    private const int PackedColumns = 8;
    private const int PackedWords = 16; // at once, so that the part of a panel that is being written stays in the first cache
    private const int RowsPerItem = 16;
    private const int PreparedRows = 4; // number of the scratch buffer

    /// <summary>A result is one chain over all inputs, which memory between blocks would break.</summary>
    internal override int InputsPerBlock => int.MaxValue;

    internal override int Depth(int inDim) => inDim == 0 ? 0 : ByteRounding.Words(inDim) + 1;

    internal override int PreparedLength(int inDim) => ByteRounding.RowWords(inDim);

    internal override void PackTransposed(float* source, nint sourceRow, int validColumns, int width, int depth, float* target)
    {
        uint* words = stackalloc uint[PackedColumns * PackedWords];
        float* inverses = stackalloc float[PackedColumns];
        float* scales = target + ((nint)ByteRounding.Words(depth) * width);
        for (int first = 0; first < validColumns; first += PackedColumns)
        {
            int columns = Math.Min(PackedColumns, validColumns - first);
            for (int n = 0; n < columns; n++)
            {
                float largest = ByteRounding.LargestMagnitude(new ReadOnlySpan<float>(source + ((first + n) * sourceRow), depth));
                (inverses[n], scales[first + n]) = (ByteSum.Inverse(largest), ByteSum.Scale(largest));
            }

            for (int start = 0; start < depth; start += 4 * PackedWords)
            {
                int count = Math.Min(4 * PackedWords, depth - start), wordCount = ByteRounding.Words(count);
                for (int n = 0; n < columns; n++)
                {
                    var values = new ReadOnlySpan<float>(source + ((first + n) * sourceRow) + start, count);
                    _ = ByteRounding.Round(values, inverses[n], new Span<byte>(words + (n * PackedWords), 4 * wordCount), ByteRounding.Offset);
                }

                Panel.Transpose((float*)words, PackedWords, columns, wordCount, target + ((nint)(start / 4) * width) + first, width);
            }
        }
    }

    internal override void CopyColumn(ReadOnlySpan<float> panel, int width, int column, Span<float> values)
    {
        float scale = panel[(ByteRounding.Words(values.Length) * width) + column];
        for (int k = 0; k < values.Length; k++)
        {
            uint word = BitConverter.SingleToUInt32Bits(panel[(k / 4 * width) + column]);
            values[k] = ((int)((word >> (8 * (k % 4))) & 0xFF) - ByteRounding.Offset) * scale;
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
                ByteRounding.Row(
                    new ReadOnlySpan<float>(rows + ((nint)row * inDim), inDim), new Span<uint>(prepared + ((nint)row * length), length));
            }
        });
        return prepared;
    }

    internal override void Run(in PanelProduct product, int rows, int validColumns)
    {
        float* sums = stackalloc float[Tile.MaxRows * Tile.MaxWidth];
        int width = product.Vectors * Tile.VectorWidth, words = ByteRounding.Words(product.InDim);
        var tile = new ByteTile
        {
            A = (byte*)product.A,
            ARow = product.ARow * sizeof(float),
            B = (uint*)product.B,
            Ahead = product.Ahead,
            Words = words,
            Scales = product.B + ((nint)words * width),
            Sums = sums,
            Initial = (byte*)product.Initial,
            InitialRow = product.InitialRow * sizeof(float),
            C = (byte*)product.C,
            CRow = product.CRow * sizeof(float),
            Vectors = product.Vectors,
        };
        nint next = tile.Ahead;
        for (int row = 0; row < rows; row += Tile.MaxRows)
        {
            tile.Rows = Math.Min(Tile.MaxRows, rows - row);
            tile.Ahead = Panel.Ahead(next, row, rows, tile.Vectors) * sizeof(uint);
            if (validColumns == width)
            {
                kernel.Run(tile);
            }
            else
            {
                RunEdge(tile, validColumns);
            }

            tile.A += Tile.MaxRows * tile.ARow;
            tile.C += Tile.MaxRows * tile.CRow;
            tile.Initial += Tile.MaxRows * tile.InitialRow;
        }
    }

    /// <summary>By way of a whole tile of results, so that nothing beyond the valid columns is read or written.</summary>
    private void RunEdge(in ByteTile tile, int validColumns)
    {
        const int Row = Tile.MaxWidth * sizeof(float);
        byte* results = stackalloc byte[Tile.MaxRows * Row];
        var whole = tile;
        whole.Initial = whole.C = results;
        whole.InitialRow = whole.CRow = Row;
        Panel.CopyRows(tile.Initial, tile.InitialRow, results, Row, tile.Rows, validColumns);
        kernel.Run(whole);
        Panel.CopyRows(results, Row, tile.C, tile.CRow, tile.Rows, validColumns);
    }
}
