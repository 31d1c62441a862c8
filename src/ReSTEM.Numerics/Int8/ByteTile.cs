using System.Runtime.InteropServices;

namespace ReSTEM.Numerics;

/// <summary>
/// A block of at most <see cref="Tile.MaxRows"/> x <see cref="Tile.MaxWidth"/> results of int8 products, each by the arithmetic of
/// <see cref="ByteSum"/>.
/// </summary>
/// <remarks>Assembled kernels read the fields by their offsets. Steps are in bytes.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ByteTile
{
    /// <summary>First row of A as <see cref="ByteRounding.Row"/> makes it.</summary>
    internal byte* A;

    internal nint ARow;

    /// <summary>Words rows of Vectors * 16 words, each of four neighbours of a column plus 128, on a 64-byte boundary.</summary>
    internal uint* B;

    /// <summary>From B to words that are read soon: each step asks for a cache line there. 0 for none.</summary>
    internal nint Ahead;

    /// <summary>Of a column; at least 1.</summary>
    internal nint Words;

    /// <summary>Scales of the columns, shape [Vectors * 16].</summary>
    internal float* Scales;

    /// <summary>Room for sums, shape [Rows, Vectors * 16].</summary>
    internal float* Sums;

    /// <summary>Starts of the results; row step 0 repeats one row.</summary>
    internal byte* Initial;

    internal nint InitialRow;
    internal byte* C;
    internal nint CRow;

    /// <summary>1 to 8.</summary>
    internal int Rows;

    /// <summary>Registers of 16 columns: 2 or 3.</summary>
    internal int Vectors;
}
