using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>Runs tiles down the rows of one panel.</summary>
internal static unsafe class Panel
{
    private const int PackingDepth = 64; // keeps the part of a panel that is being written in the first cache

    private static readonly FloatBuffer ZeroRow = new(Tile.MaxWidth);

    /// <summary>A pinned row of zeros, as the start of chains that begin at 0.</summary>
    internal static float* Zeros => ZeroRow.Pointer;

    /// <param name="tile">Everything but <see cref="Tile.Rows"/>, for row 0.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="validColumns">Columns beyond this are neither read from the starts nor written to C.</param>
    internal static void Run(Tile tile, int rows, int validColumns)
    {
        bool whole = validColumns == tile.Vectors * Tile.VectorWidth;
        for (int row = 0; row < rows; row += Tile.MaxRows)
        {
            tile.Rows = Math.Min(Tile.MaxRows, rows - row);
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
            int end = Math.Min(depth, start + PackingDepth);
            for (int n = 0; n < validColumns; n++)
            {
                float* from = source + (n * sourceRow);
                for (nint k = start; k < end; k++)
                {
                    target[(k * width) + n] = from[k];
                }
            }
        }
    }

    private static void RunEdge(Tile tile, int validColumns)
    {
        float* sums = stackalloc float[Tile.MaxRows * Tile.MaxWidth];
        for (int row = 0; row < tile.Rows; row++)
        {
            new ReadOnlySpan<float>(tile.Initial + row * tile.InitialRow, validColumns)
                .CopyTo(new Span<float>(sums + row * Tile.MaxWidth, validColumns));
        }

        float* c = tile.C;
        tile.Initial = tile.C = sums;
        nint cRow = tile.CRow;
        tile.InitialRow = tile.CRow = Tile.MaxWidth;
        tile.Run();
        for (int row = 0; row < tile.Rows; row++)
        {
            new ReadOnlySpan<float>(sums + row * Tile.MaxWidth, validColumns)
                .CopyTo(new Span<float>(c + row * cRow, validColumns));
        }
    }
}
