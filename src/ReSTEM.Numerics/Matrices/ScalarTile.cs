using System.Runtime.CompilerServices;

namespace ReSTEM.Numerics;

/// <summary>
/// Tiles number by number, with the same bits as <see cref="Tile512"/>, for processors without a fused multiply-add: it is then a call
/// of some nanoseconds, and moving numbers in and out of registers around it would cost several times more.
/// </summary>
internal static unsafe class ScalarTile
{
    private const int Columns = 4; // chains side by side

    internal static void Run(in Tile tile)
    {
        for (int row = 0; row < tile.Rows; row++)
        {
            for (int column = 0; column < tile.Vectors * Tile.VectorWidth; column += Columns)
            {
                RunColumns(tile, row, column);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunColumns(in Tile tile, int row, int column)
    {
        float* start = tile.Initial + (row * tile.InitialRow) + column, a = tile.A + (row * tile.ARow), b = tile.B + column;
        float c0 = start[0], c1 = start[1], c2 = start[2], c3 = start[3];
        for (int k = 0; k < tile.Depth; k++, a += tile.AStep, b += tile.BRow)
        {
            float x = *a;
            c0 = MathF.FusedMultiplyAdd(x, b[0], c0);
            c1 = MathF.FusedMultiplyAdd(x, b[1], c1);
            c2 = MathF.FusedMultiplyAdd(x, b[2], c2);
            c3 = MathF.FusedMultiplyAdd(x, b[3], c3);
        }

        float* c = tile.C + (row * tile.CRow) + column;
        (c[0], c[1], c[2], c[3]) = (c0, c1, c2, c3);
    }
}
