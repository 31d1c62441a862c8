using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ReSTEM.Numerics;

/// <summary>Runs tiles down the rows of one panel.</summary>
internal static unsafe class Panel
{
    private const int PackingDepth = 64; // keeps the part of a panel that is being written in the first cache
    private const int Square = 4;

    private static readonly FloatBuffer ZeroRow = new(Tile.MaxWidth);

    /// <summary>A pinned row of zeros, as the start of chains that begin at 0.</summary>
    internal static float* Zeros => ZeroRow.Pointer;

    /// <param name="tile">Everything but <see cref="Tile.Rows"/>, for row 0.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="validColumns">Columns beyond this are neither read from the starts nor written to C.</param>
    internal static void Run(Tile tile, int rows, int validColumns)
    {
        bool whole = validColumns == tile.Vectors * Tile.VectorWidth;
        nint next = tile.Ahead;
        for (int row = 0; row < rows; row += Tile.MaxRows)
        {
            tile.Rows = Math.Min(Tile.MaxRows, rows - row);
            tile.Ahead = Ahead(next, row, rows, tile.Vectors);
            if (whole)
            {
                tile.Run();
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

    /// <summary>
    /// What the tile of some rows fetches of the next panel: the first tiles one register's width of its rows each, so that it has come
    /// when the last one ends. A single tile reads panels as fast as memory gives them, and fetches nothing.
    /// </summary>
    /// <param name="next">From this panel to the next in words; 0 for none.</param>
    /// <param name="row">First row of the tile.</param>
    /// <param name="rows">All rows.</param>
    /// <param name="vectors">Registers to a row of the panel.</param>
    internal static nint Ahead(nint next, int row, int rows, int vectors)
    {
        int tile = row / Tile.MaxRows;
        return next == 0 || rows <= Tile.MaxRows || tile >= vectors ? 0 : next + (tile * Tile.VectorWidth);
    }

    /// <summary>Packs the rows of <paramref name="source"/> [depth, columns] into panels.</summary>
    internal static void Pack(float* source, nint sourceRow, PanelShape shape, int depth, float* target)
    {
        for (int panel = 0; panel < shape.Count; panel++)
        {
            int column = shape.Start(panel), width = shape.Vectors(panel) * Tile.VectorWidth;
            Pack(source + column, sourceRow, shape.ValidColumns(panel), width, depth, target + ((nint)column * depth));
        }
    }

    /// <summary>Packs one panel: <c>target[k, n] = source[k, n]</c>; padding is left as it is.</summary>
    internal static void Pack(float* source, nint sourceRow, int validColumns, int width, int depth, float* target)
    {
        int whole = validColumns / Tile.VectorWidth * Tile.VectorWidth;
        for (int k = 0; k < depth; k++, source += sourceRow, target += width)
        {
            for (int n = 0; n < whole; n += Tile.VectorWidth)
            {
                Vector512.Store(Vector512.Load(source + n), target + n);
            }

            for (int n = whole; n < validColumns; n++)
            {
                target[n] = source[n];
            }
        }
    }

    /// <summary>Packs the columns of <paramref name="source"/> [columns, depth] into panels.</summary>
    internal static void PackTransposed(float* source, nint sourceRow, PanelShape shape, int depth, float* target)
    {
        for (int panel = 0; panel < shape.Count; panel++)
        {
            int column = shape.Start(panel), width = shape.Vectors(panel) * Tile.VectorWidth;
            PackTransposed(
                source + (column * sourceRow), sourceRow, shape.ValidColumns(panel), width, depth,
                target + ((nint)column * depth));
        }
    }

    /// <summary>Packs one panel: <c>target[k, n] = source[n, k]</c>; padding is left as it is.</summary>
    internal static void PackTransposed(
        float* source, nint sourceRow, int validColumns, int width, int depth, float* target)
    {
        for (int start = 0; start < depth; start += PackingDepth)
        {
            Transpose(
                source + start, sourceRow, validColumns, Math.Min(depth - start, PackingDepth), target + ((nint)start * width), width);
        }
    }

    /// <summary><c>target[k, n] = source[n, k]</c>; words of any meaning.</summary>
    /// <param name="source">Shape [columns, depth], rows <paramref name="sourceRow"/> apart.</param>
    /// <param name="sourceRow">In words.</param>
    /// <param name="columns">Any count.</param>
    /// <param name="depth">Any count.</param>
    /// <param name="target">Shape [depth, columns], rows <paramref name="width"/> apart.</param>
    /// <param name="width">In words.</param>
    internal static void Transpose(float* source, nint sourceRow, int columns, int depth, float* target, int width)
    {
        int column = 0;
        for (; Sse.IsSupported && column <= columns - Square; column += Square)
        {
            TransposeSquares(source + (column * sourceRow), sourceRow, depth, target + column, width);
        }

        for (; column < columns; column++)
        {
            float* from = source + (column * sourceRow);
            for (nint k = 0; k < depth; k++)
            {
                target[(k * width) + column] = from[k];
            }
        }
    }

    /// <summary>Four columns from four rows, 4 x 4 numbers at a time, so that reads and writes are of whole registers.</summary>
    private static void TransposeSquares(float* source, nint sourceRow, int depth, float* target, int width)
    {
        nint k = 0;
        for (; k <= depth - Square; k += Square)
        {
            float* from = source + k, to = target + (k * width);
            Vector128<float> r0 = Vector128.Load(from), r1 = Vector128.Load(from + sourceRow);
            Vector128<float> r2 = Vector128.Load(from + (2 * sourceRow)), r3 = Vector128.Load(from + (3 * sourceRow));
            Vector128<float> low01 = Sse.UnpackLow(r0, r1), low23 = Sse.UnpackLow(r2, r3);
            Vector128<float> high01 = Sse.UnpackHigh(r0, r1), high23 = Sse.UnpackHigh(r2, r3);
            Vector128.Store(Sse.MoveLowToHigh(low01, low23), to);
            Vector128.Store(Sse.MoveHighToLow(low23, low01), to + width);
            Vector128.Store(Sse.MoveLowToHigh(high01, high23), to + (2 * width));
            Vector128.Store(Sse.MoveHighToLow(high23, high01), to + (3 * width));
        }

        for (; k < depth; k++)
        {
            for (int column = 0; column < Square; column++)
            {
                target[(k * width) + column] = source[(column * sourceRow) + k];
            }
        }
    }

    /// <summary>Copies the first columns of some rows of words. Steps are in bytes.</summary>
    internal static void CopyRows(byte* from, nint fromRow, byte* to, nint toRow, int rows, int columns)
    {
        long bytes = columns * sizeof(float);
        for (int row = 0; row < rows; row++)
        {
            Buffer.MemoryCopy(from + (row * fromRow), to + (row * toRow), bytes, bytes);
        }
    }

    /// <summary>By way of a whole tile of results, so that nothing beyond the valid columns is read or written.</summary>
    private static void RunEdge(Tile tile, int validColumns)
    {
        const int Row = Tile.MaxWidth * sizeof(float);
        float* results = stackalloc float[Tile.MaxRows * Tile.MaxWidth];
        Tile whole = tile;
        whole.Initial = whole.C = results;
        whole.InitialRow = whole.CRow = Tile.MaxWidth;
        CopyRows((byte*)tile.Initial, tile.InitialRow * sizeof(float), (byte*)results, Row, tile.Rows, validColumns);
        whole.Run();
        CopyRows((byte*)results, Row, (byte*)tile.C, tile.CRow * sizeof(float), tile.Rows, validColumns);
    }
}
