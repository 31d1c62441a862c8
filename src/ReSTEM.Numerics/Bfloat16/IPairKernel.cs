namespace ReSTEM.Numerics;

/// <summary>Computes tiles of bfloat16 products; every kernel gives the bits of <see cref="PairSum"/>.</summary>
internal interface IPairKernel
{
    /// <summary>What it is, for people.</summary>
    string Name { get; }

    /// <summary>Whether it reads rows of A as float32 that are bfloat16 already, instead of as pairs of bfloat16.</summary>
    bool WidensRows { get; }

    /// <summary>Words of 32 bits that a pair of A takes.</summary>
    int RowWords => WidensRows ? 2 : 1;

    /// <summary>Computes one tile.</summary>
    void Run(in PairTile tile);
}
