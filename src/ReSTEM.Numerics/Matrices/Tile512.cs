using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ReSTEM.Numerics;

/// <summary>Tiles in 512-bit registers: the 24 sums of an 8 x 48 tile stay in registers while k runs.</summary>
/// <remarks>Written out row by row because the compiler keeps only single variables in registers, not arrays of them.</remarks>
internal static unsafe class Tile512
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // at once: the first product of a run may be a large one
    internal static void Run8x3(in Tile tile)
    {
        nint aRow = tile.ARow, cRow = tile.CRow, startRow = tile.InitialRow;
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
        Vector512<float> c00 = Vector512.Load(s0), c01 = Vector512.Load(s0 + 16), c02 = Vector512.Load(s0 + 32);
        Vector512<float> c10 = Vector512.Load(s1), c11 = Vector512.Load(s1 + 16), c12 = Vector512.Load(s1 + 32);
        Vector512<float> c20 = Vector512.Load(s2), c21 = Vector512.Load(s2 + 16), c22 = Vector512.Load(s2 + 32);
        Vector512<float> c30 = Vector512.Load(s3), c31 = Vector512.Load(s3 + 16), c32 = Vector512.Load(s3 + 32);
        Vector512<float> c40 = Vector512.Load(s4), c41 = Vector512.Load(s4 + 16), c42 = Vector512.Load(s4 + 32);
        Vector512<float> c50 = Vector512.Load(s5), c51 = Vector512.Load(s5 + 16), c52 = Vector512.Load(s5 + 32);
        Vector512<float> c60 = Vector512.Load(s6), c61 = Vector512.Load(s6 + 16), c62 = Vector512.Load(s6 + 32);
        Vector512<float> c70 = Vector512.Load(s7), c71 = Vector512.Load(s7 + 16), c72 = Vector512.Load(s7 + 32);
        float* b = tile.B;
        float* end = b + (tile.Depth * tile.BRow);
        nint step = tile.AStep, bRow = tile.BRow, ahead = tile.Ahead;
        for (nint k = 0; b < end; k += step, b += bRow)
        {
            Fetch(b + ahead);
            var b0 = Vector512.LoadAligned(b);
            var b1 = Vector512.LoadAligned(b + 16);
            var b2 = Vector512.LoadAligned(b + 32);
            var x0 = Vector512.Create(a0[k]);
            c00 = Vector512.FusedMultiplyAdd(x0, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(x0, b1, c01);
            c02 = Vector512.FusedMultiplyAdd(x0, b2, c02);
            var x1 = Vector512.Create(a1[k]);
            c10 = Vector512.FusedMultiplyAdd(x1, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(x1, b1, c11);
            c12 = Vector512.FusedMultiplyAdd(x1, b2, c12);
            var x2 = Vector512.Create(a2[k]);
            c20 = Vector512.FusedMultiplyAdd(x2, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(x2, b1, c21);
            c22 = Vector512.FusedMultiplyAdd(x2, b2, c22);
            var x3 = Vector512.Create(a3[k]);
            c30 = Vector512.FusedMultiplyAdd(x3, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(x3, b1, c31);
            c32 = Vector512.FusedMultiplyAdd(x3, b2, c32);
            var x4 = Vector512.Create(a4[k]);
            c40 = Vector512.FusedMultiplyAdd(x4, b0, c40);
            c41 = Vector512.FusedMultiplyAdd(x4, b1, c41);
            c42 = Vector512.FusedMultiplyAdd(x4, b2, c42);
            var x5 = Vector512.Create(a5[k]);
            c50 = Vector512.FusedMultiplyAdd(x5, b0, c50);
            c51 = Vector512.FusedMultiplyAdd(x5, b1, c51);
            c52 = Vector512.FusedMultiplyAdd(x5, b2, c52);
            var x6 = Vector512.Create(a6[k]);
            c60 = Vector512.FusedMultiplyAdd(x6, b0, c60);
            c61 = Vector512.FusedMultiplyAdd(x6, b1, c61);
            c62 = Vector512.FusedMultiplyAdd(x6, b2, c62);
            var x7 = Vector512.Create(a7[k]);
            c70 = Vector512.FusedMultiplyAdd(x7, b0, c70);
            c71 = Vector512.FusedMultiplyAdd(x7, b1, c71);
            c72 = Vector512.FusedMultiplyAdd(x7, b2, c72);
        }

        float* c = tile.C;
        int rows = tile.Rows;
        Store(c, c00, c01, c02);
        if (rows > 1)
        {
            Store(c + cRow, c10, c11, c12);
        }

        if (rows > 2)
        {
            Store(c + (2 * cRow), c20, c21, c22);
        }

        if (rows > 3)
        {
            Store(c + (3 * cRow), c30, c31, c32);
        }

        if (rows > 4)
        {
            Store(c + (4 * cRow), c40, c41, c42);
        }

        if (rows > 5)
        {
            Store(c + (5 * cRow), c50, c51, c52);
        }

        if (rows > 6)
        {
            Store(c + (6 * cRow), c60, c61, c62);
        }

        if (rows > 7)
        {
            Store(c + (7 * cRow), c70, c71, c72);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run8x2(in Tile tile)
    {
        nint aRow = tile.ARow, cRow = tile.CRow, startRow = tile.InitialRow;
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
        Vector512<float> c00 = Vector512.Load(s0), c01 = Vector512.Load(s0 + 16);
        Vector512<float> c10 = Vector512.Load(s1), c11 = Vector512.Load(s1 + 16);
        Vector512<float> c20 = Vector512.Load(s2), c21 = Vector512.Load(s2 + 16);
        Vector512<float> c30 = Vector512.Load(s3), c31 = Vector512.Load(s3 + 16);
        Vector512<float> c40 = Vector512.Load(s4), c41 = Vector512.Load(s4 + 16);
        Vector512<float> c50 = Vector512.Load(s5), c51 = Vector512.Load(s5 + 16);
        Vector512<float> c60 = Vector512.Load(s6), c61 = Vector512.Load(s6 + 16);
        Vector512<float> c70 = Vector512.Load(s7), c71 = Vector512.Load(s7 + 16);
        float* b = tile.B;
        float* end = b + (tile.Depth * tile.BRow);
        nint step = tile.AStep, bRow = tile.BRow, ahead = tile.Ahead;
        for (nint k = 0; b < end; k += step, b += bRow)
        {
            Fetch(b + ahead);
            var b0 = Vector512.LoadAligned(b);
            var b1 = Vector512.LoadAligned(b + 16);
            var x0 = Vector512.Create(a0[k]);
            c00 = Vector512.FusedMultiplyAdd(x0, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(x0, b1, c01);
            var x1 = Vector512.Create(a1[k]);
            c10 = Vector512.FusedMultiplyAdd(x1, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(x1, b1, c11);
            var x2 = Vector512.Create(a2[k]);
            c20 = Vector512.FusedMultiplyAdd(x2, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(x2, b1, c21);
            var x3 = Vector512.Create(a3[k]);
            c30 = Vector512.FusedMultiplyAdd(x3, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(x3, b1, c31);
            var x4 = Vector512.Create(a4[k]);
            c40 = Vector512.FusedMultiplyAdd(x4, b0, c40);
            c41 = Vector512.FusedMultiplyAdd(x4, b1, c41);
            var x5 = Vector512.Create(a5[k]);
            c50 = Vector512.FusedMultiplyAdd(x5, b0, c50);
            c51 = Vector512.FusedMultiplyAdd(x5, b1, c51);
            var x6 = Vector512.Create(a6[k]);
            c60 = Vector512.FusedMultiplyAdd(x6, b0, c60);
            c61 = Vector512.FusedMultiplyAdd(x6, b1, c61);
            var x7 = Vector512.Create(a7[k]);
            c70 = Vector512.FusedMultiplyAdd(x7, b0, c70);
            c71 = Vector512.FusedMultiplyAdd(x7, b1, c71);
        }

        float* c = tile.C;
        int rows = tile.Rows;
        Store(c, c00, c01);
        if (rows > 1)
        {
            Store(c + cRow, c10, c11);
        }

        if (rows > 2)
        {
            Store(c + (2 * cRow), c20, c21);
        }

        if (rows > 3)
        {
            Store(c + (3 * cRow), c30, c31);
        }

        if (rows > 4)
        {
            Store(c + (4 * cRow), c40, c41);
        }

        if (rows > 5)
        {
            Store(c + (5 * cRow), c50, c51);
        }

        if (rows > 6)
        {
            Store(c + (6 * cRow), c60, c61);
        }

        if (rows > 7)
        {
            Store(c + (7 * cRow), c70, c71);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run4x3(in Tile tile)
    {
        nint aRow = tile.ARow, cRow = tile.CRow, startRow = tile.InitialRow;
        float* a0 = tile.A;
        float* s0 = tile.Initial;
        float* a1 = a0 + (aRow * tile.RowStep(1));
        float* s1 = s0 + (startRow * tile.RowStep(1));
        float* a2 = a1 + (aRow * tile.RowStep(2));
        float* s2 = s1 + (startRow * tile.RowStep(2));
        float* a3 = a2 + (aRow * tile.RowStep(3));
        float* s3 = s2 + (startRow * tile.RowStep(3));
        Vector512<float> c00 = Vector512.Load(s0), c01 = Vector512.Load(s0 + 16), c02 = Vector512.Load(s0 + 32);
        Vector512<float> c10 = Vector512.Load(s1), c11 = Vector512.Load(s1 + 16), c12 = Vector512.Load(s1 + 32);
        Vector512<float> c20 = Vector512.Load(s2), c21 = Vector512.Load(s2 + 16), c22 = Vector512.Load(s2 + 32);
        Vector512<float> c30 = Vector512.Load(s3), c31 = Vector512.Load(s3 + 16), c32 = Vector512.Load(s3 + 32);
        float* b = tile.B;
        float* end = b + (tile.Depth * tile.BRow);
        nint step = tile.AStep, bRow = tile.BRow;
        for (nint k = 0; b < end; k += step, b += bRow)
        {
            var b0 = Vector512.LoadAligned(b);
            var b1 = Vector512.LoadAligned(b + 16);
            var b2 = Vector512.LoadAligned(b + 32);
            var x0 = Vector512.Create(a0[k]);
            c00 = Vector512.FusedMultiplyAdd(x0, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(x0, b1, c01);
            c02 = Vector512.FusedMultiplyAdd(x0, b2, c02);
            var x1 = Vector512.Create(a1[k]);
            c10 = Vector512.FusedMultiplyAdd(x1, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(x1, b1, c11);
            c12 = Vector512.FusedMultiplyAdd(x1, b2, c12);
            var x2 = Vector512.Create(a2[k]);
            c20 = Vector512.FusedMultiplyAdd(x2, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(x2, b1, c21);
            c22 = Vector512.FusedMultiplyAdd(x2, b2, c22);
            var x3 = Vector512.Create(a3[k]);
            c30 = Vector512.FusedMultiplyAdd(x3, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(x3, b1, c31);
            c32 = Vector512.FusedMultiplyAdd(x3, b2, c32);
        }

        float* c = tile.C;
        int rows = tile.Rows;
        Store(c, c00, c01, c02);
        if (rows > 1)
        {
            Store(c + cRow, c10, c11, c12);
        }

        if (rows > 2)
        {
            Store(c + (2 * cRow), c20, c21, c22);
        }

        if (rows > 3)
        {
            Store(c + (3 * cRow), c30, c31, c32);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run4x2(in Tile tile)
    {
        nint aRow = tile.ARow, cRow = tile.CRow, startRow = tile.InitialRow;
        float* a0 = tile.A;
        float* s0 = tile.Initial;
        float* a1 = a0 + (aRow * tile.RowStep(1));
        float* s1 = s0 + (startRow * tile.RowStep(1));
        float* a2 = a1 + (aRow * tile.RowStep(2));
        float* s2 = s1 + (startRow * tile.RowStep(2));
        float* a3 = a2 + (aRow * tile.RowStep(3));
        float* s3 = s2 + (startRow * tile.RowStep(3));
        Vector512<float> c00 = Vector512.Load(s0), c01 = Vector512.Load(s0 + 16);
        Vector512<float> c10 = Vector512.Load(s1), c11 = Vector512.Load(s1 + 16);
        Vector512<float> c20 = Vector512.Load(s2), c21 = Vector512.Load(s2 + 16);
        Vector512<float> c30 = Vector512.Load(s3), c31 = Vector512.Load(s3 + 16);
        float* b = tile.B;
        float* end = b + (tile.Depth * tile.BRow);
        nint step = tile.AStep, bRow = tile.BRow;
        for (nint k = 0; b < end; k += step, b += bRow)
        {
            var b0 = Vector512.LoadAligned(b);
            var b1 = Vector512.LoadAligned(b + 16);
            var x0 = Vector512.Create(a0[k]);
            c00 = Vector512.FusedMultiplyAdd(x0, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(x0, b1, c01);
            var x1 = Vector512.Create(a1[k]);
            c10 = Vector512.FusedMultiplyAdd(x1, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(x1, b1, c11);
            var x2 = Vector512.Create(a2[k]);
            c20 = Vector512.FusedMultiplyAdd(x2, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(x2, b1, c21);
            var x3 = Vector512.Create(a3[k]);
            c30 = Vector512.FusedMultiplyAdd(x3, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(x3, b1, c31);
        }

        float* c = tile.C;
        int rows = tile.Rows;
        Store(c, c00, c01);
        if (rows > 1)
        {
            Store(c + cRow, c10, c11);
        }

        if (rows > 2)
        {
            Store(c + (2 * cRow), c20, c21);
        }

        if (rows > 3)
        {
            Store(c + (3 * cRow), c30, c31);
        }
    }

    /// <summary>Asks for a cache line, where the processor has an instruction for it: vectors of 512 bits are computed, if slowly, on any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(float* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector512<float> v0, Vector512<float> v1, Vector512<float> v2)
    {
        Vector512.Store(v0, c);
        Vector512.Store(v1, c + 16);
        Vector512.Store(v2, c + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector512<float> v0, Vector512<float> v1)
    {
        Vector512.Store(v0, c);
        Vector512.Store(v1, c + 16);
    }
}
