namespace ReSTEM.Numerics;

/// <summary>Computes tiles of int8 products; every kernel gives the bits of <see cref="ByteSum"/>.</summary>
internal interface IByteKernel
{
    /// <summary>What it is, for people.</summary>
    string Name { get; }

    /// <summary>Computes one tile.</summary>
    void Run(in ByteTile tile);
}
