using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>
/// A block of at most <see cref="MaxRows"/> x <see cref="MaxWidth"/> results
/// <c>C[r, n] = Initial[r, n] + sum_k A[r, k] * B[k, n]</c>, each one a single chain of fused multiply-adds over ascending k.
/// </summary>
/// <remarks>The chain makes the bits independent of tile sizes, register widths and threads. Extents are in floats.</remarks>
internal unsafe struct Tile
{
    internal const int MaxRows = 8;
    internal const int VectorWidth = 16;
    internal const int MaxVectors = 3;
    internal const int MaxWidth = MaxVectors * VectorWidth;

    /// <summary>First row of A; row r begins r * ARow further, and k steps by AStep.</summary>
    internal float* A;

    internal nint ARow;
    internal nint AStep;

    /// <summary>Depth rows of Vectors * 16 numbers, on 64-byte boundaries.</summary>
    internal float* B;

    /// <summary>Vectors * 16 in a panel, more in a part of wider rows; a multiple of 16.</summary>
    internal nint BRow;

    internal int Depth;

    /// <summary>From B to numbers that are read soon: each step of k asks for a cache line there. 0 for none.</summary>
    internal nint Ahead;

    /// <summary>1 to 3.</summary>
    internal int Vectors;

    /// <summary>Starts of the chains; row stride 0 repeats one row.</summary>
    internal float* Initial;

    internal nint InitialRow;
    internal float* C;
    internal nint CRow;

    /// <summary>1 to 8.</summary>
    internal int Rows;

    /// <summary>Stride of A up to the row that row r reads: rows that are not there repeat the last one.</summary>
    internal readonly nint RowStep(int row) => row < Rows ? 1 : 0;

    internal readonly void Run()
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run512();
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Tile256.Run(this);
        }
        else if (FusedMultiplyAdd.IsHardwareAccelerated)
        {
            Tile128.Run(this);
        }
        else
        {
            ScalarTile.Run(this);
        }
    }

    internal readonly void Run512()
    {
        if (Vectors == 1)
        {
            Strip512.Run(this);
        }
        else if (Rows > 4)
        {
            if (Vectors == MaxVectors)
            {
                Tile512.Run8x3(this);
            }
            else
            {
                Tile512.Run8x2(this);
            }
        }
        else if (Vectors == MaxVectors)
        {
            Tile512.Run4x3(this);
        }
        else
        {
            Tile512.Run4x2(this);
        }
    }
}
