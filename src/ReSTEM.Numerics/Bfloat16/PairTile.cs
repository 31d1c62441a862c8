using System.Runtime.InteropServices;

namespace ReSTEM.Numerics;

/// <summary>
/// A block of at most <see cref="Tile.MaxRows"/> x <see cref="Tile.MaxWidth"/> results
/// <c>C[r, n] = Initial[r, n] + sum_p A[r, p] . B[p, n]</c>, each one chain of <see cref="PairSum.Add"/> over ascending pairs p.
/// </summary>
/// <remarks>Assembled kernels read the fields by their offsets. Steps are in bytes.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PairTile
{
    /// <summary>First row of A: pairs of bfloat16, or of float32 that a bfloat16 holds, as <see cref="IPairKernel.WidensRows"/> says.</summary>
    internal byte* A;

    internal nint ARow;
    internal nint AStep;

    /// <summary>The panel: Pairs rows of Vectors * 16 pairs of bfloat16, on a 64-byte boundary.</summary>
    internal uint* B;

    internal nint BStep;

    /// <summary>From B to pairs that are read soon: each step asks for a cache line there. 0 for none.</summary>
    internal nint Ahead;

    /// <summary>At least 1.</summary>
    internal nint Pairs;

    /// <summary>Starts of the chains; row step 0 repeats one row.</summary>
    internal byte* Initial;

    internal nint InitialRow;
    internal byte* C;
    internal nint CRow;

    /// <summary>1 to 8.</summary>
    internal int Rows;

    /// <summary>Registers of 16 columns: 2 or 3.</summary>
    internal int Vectors;
}
