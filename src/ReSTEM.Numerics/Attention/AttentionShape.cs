namespace ReSTEM.Numerics;

/// <summary>Heads of a grouped-query attention layer (Ainslie et al. 2023, arXiv:2305.13245).</summary>
/// <remarks>A token's row of queries, keys and values is <c>[H query heads | K key heads | K value heads]</c>, each of Hd numbers.</remarks>
public readonly record struct AttentionShape
{
    /// <summary>H query heads over K key and value heads of Hd numbers.</summary>
    /// <exception cref="ArgumentException">A count is not positive, or K does not divide H.</exception>
    public AttentionShape(int heads, int kvHeads, int headDim)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kvHeads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(headDim);
        Shape.Same(heads % kvHeads, 0);
        (Heads, KvHeads, HeadDim) = (heads, kvHeads, headDim);
    }

    /// <summary>H.</summary>
    public int Heads { get; }

    /// <summary>K.</summary>
    public int KvHeads { get; }

    /// <summary>Hd.</summary>
    public int HeadDim { get; }

    /// <summary>Width of all query heads, and of the output: H * Hd.</summary>
    public int QueryDim => Heads * HeadDim;

    /// <summary>Width of a token's queries, keys and values: (H + 2 K) * Hd.</summary>
    public int RowDim => (Heads + (2 * KvHeads)) * HeadDim;

    /// <summary>Query heads that share a key head.</summary>
    public int GroupSize => Heads / KvHeads;

    /// <summary>The factor on query times key: 1 / sqrt(Hd).</summary>
    internal float Scale => 1 / MathF.Sqrt(HeadDim);

    internal int KeyStart(int kvHead) => (Heads + kvHead) * HeadDim;

    internal int ValueStart(int kvHead) => (Heads + KvHeads + kvHead) * HeadDim;
}
