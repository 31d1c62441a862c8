using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>Tiles in 256-bit registers, in blocks of 4 rows x 16 columns, with the same bits as <see cref="Tile512"/>.</summary>
internal static unsafe class Tile256
{
    private const int BlockRows = 4;
    private const int BlockWidth = 2 * 8;

    internal static void Run(in Tile tile)
    {
        int width = tile.Vectors * Tile.VectorWidth;
        for (int row = 0; row < tile.Rows; row += BlockRows)
        {
            for (int column = 0; column < width; column += BlockWidth)
            {
                RunBlock(tile, row, column);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunBlock(in Tile tile, int row, int column)
    {
        float* a0 = tile.A + (row * tile.ARow);
        float* s0 = tile.Initial + (row * tile.InitialRow) + column;
        float* a1 = a0 + (tile.ARow * tile.RowStep(row + 1));
        float* s1 = s0 + (tile.InitialRow * tile.RowStep(row + 1));
        float* a2 = a1 + (tile.ARow * tile.RowStep(row + 2));
        float* s2 = s1 + (tile.InitialRow * tile.RowStep(row + 2));
        float* a3 = a2 + (tile.ARow * tile.RowStep(row + 3));
        float* s3 = s2 + (tile.InitialRow * tile.RowStep(row + 3));
        Vector256<float> c00 = Vector256.Load(s0), c01 = Vector256.Load(s0 + 8);
        Vector256<float> c10 = Vector256.Load(s1), c11 = Vector256.Load(s1 + 8);
        Vector256<float> c20 = Vector256.Load(s2), c21 = Vector256.Load(s2 + 8);
        Vector256<float> c30 = Vector256.Load(s3), c31 = Vector256.Load(s3 + 8);
        float* b = tile.B + column;
        float* end = b + (tile.Depth * tile.BRow);
        nint step = tile.AStep, bRow = tile.BRow;
        for (nint k = 0; b < end; k += step, b += bRow)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + 8);
            var x0 = Vector256.Create(a0[k]);
            c00 = Vector256.FusedMultiplyAdd(x0, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(x0, b1, c01);
            var x1 = Vector256.Create(a1[k]);
            c10 = Vector256.FusedMultiplyAdd(x1, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(x1, b1, c11);
            var x2 = Vector256.Create(a2[k]);
            c20 = Vector256.FusedMultiplyAdd(x2, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(x2, b1, c21);
            var x3 = Vector256.Create(a3[k]);
            c30 = Vector256.FusedMultiplyAdd(x3, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(x3, b1, c31);
        }

        float* c = tile.C + (row * tile.CRow) + column;
        Vector256.Store(c00, c);
        Vector256.Store(c01, c + 8);
        if (tile.Rows > row + 1)
        {
            Vector256.Store(c10, c + (1 * tile.CRow));
            Vector256.Store(c11, c + (1 * tile.CRow) + 8);
        }

        if (tile.Rows > row + 2)
        {
            Vector256.Store(c20, c + (2 * tile.CRow));
            Vector256.Store(c21, c + (2 * tile.CRow) + 8);
        }

        if (tile.Rows > row + 3)
        {
            Vector256.Store(c30, c + (3 * tile.CRow));
            Vector256.Store(c31, c + (3 * tile.CRow) + 8);
        }
    }
}
