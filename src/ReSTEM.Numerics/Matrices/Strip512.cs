using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>Tiles of one 512-bit register a row: blocks of keys, and what is left of the columns of values.</summary>
/// <remarks>Written out like <see cref="Tile512"/>, and for its reason: a loop over rows would keep the sums in memory.</remarks>
internal static unsafe class Strip512
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(in Tile tile)
    {
        nint aRow = tile.ARow, startRow = tile.InitialRow, cRow = tile.CRow;
        float* a0 = tile.A;
        float* s0 = tile.Initial;
        float* a1 = a0 + (aRow * tile.RowStep(1));
        float* s1 = s0 + (startRow * tile.RowStep(1));
        float* a2 = a1 + (aRow * tile.RowStep(2));
        float* s2 = s1 + (startRow * tile.RowStep(2));
        float* a3 = a2 + (aRow * tile.RowStep(3));
        float* s3 = s2 + (startRow * tile.RowStep(3));
        float* a4 = a3 + (aRow * tile.RowStep(4));
        float* s4 = s3 + (startRow * tile.RowStep(4));
        float* a5 = a4 + (aRow * tile.RowStep(5));
        float* s5 = s4 + (startRow * tile.RowStep(5));
        float* a6 = a5 + (aRow * tile.RowStep(6));
        float* s6 = s5 + (startRow * tile.RowStep(6));
        float* a7 = a6 + (aRow * tile.RowStep(7));
        float* s7 = s6 + (startRow * tile.RowStep(7));
        Vector512<float> c0 = Vector512.Load(s0), c1 = Vector512.Load(s1);
        Vector512<float> c2 = Vector512.Load(s2), c3 = Vector512.Load(s3);
        Vector512<float> c4 = Vector512.Load(s4), c5 = Vector512.Load(s5);
        Vector512<float> c6 = Vector512.Load(s6), c7 = Vector512.Load(s7);
        float* b = tile.B;
        float* end = b + (tile.Depth * tile.BRow);
        nint step = tile.AStep, bRow = tile.BRow;
        for (nint k = 0; b < end; k += step, b += bRow)
        {
            var column = Vector512.LoadAligned(b);
            c0 = Vector512.FusedMultiplyAdd(Vector512.Create(a0[k]), column, c0);
            c1 = Vector512.FusedMultiplyAdd(Vector512.Create(a1[k]), column, c1);
            c2 = Vector512.FusedMultiplyAdd(Vector512.Create(a2[k]), column, c2);
            c3 = Vector512.FusedMultiplyAdd(Vector512.Create(a3[k]), column, c3);
            c4 = Vector512.FusedMultiplyAdd(Vector512.Create(a4[k]), column, c4);
            c5 = Vector512.FusedMultiplyAdd(Vector512.Create(a5[k]), column, c5);
            c6 = Vector512.FusedMultiplyAdd(Vector512.Create(a6[k]), column, c6);
            c7 = Vector512.FusedMultiplyAdd(Vector512.Create(a7[k]), column, c7);
        }

        // from the last row on: those that are not there are overwritten by the one that they repeat
        float* c = tile.C;
        Vector512.Store(c7, c + (Math.Min(7, tile.Rows - 1) * cRow));
        Vector512.Store(c6, c + (Math.Min(6, tile.Rows - 1) * cRow));
        Vector512.Store(c5, c + (Math.Min(5, tile.Rows - 1) * cRow));
        Vector512.Store(c4, c + (Math.Min(4, tile.Rows - 1) * cRow));
        Vector512.Store(c3, c + (Math.Min(3, tile.Rows - 1) * cRow));
        Vector512.Store(c2, c + (Math.Min(2, tile.Rows - 1) * cRow));
        Vector512.Store(c1, c + (Math.Min(1, tile.Rows - 1) * cRow));
        Vector512.Store(c0, c);
    }
}
