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

    /// <summary>The factor on query times key; 0 for 1 / sqrt(Hd).</summary>
    public float ScoreScale { get; init; }

    /// <summary>Scaled scores s become <c>cap tanh(s / cap)</c>; 0 for as they are (Gemma team 2024, arXiv:2408.00118, section 2).</summary>
    public float ScoreCap { get; init; }

    /// <summary>Positions that a token sees, its own included; 0 for all (Beltagy et al. 2020, arXiv:2004.05150, section 3.1).</summary>
    public int Window { get; init; }

    /// <summary>Width of all query heads, and of the output: H * Hd.</summary>
    public int QueryDim => Heads * HeadDim;

    /// <summary>Width of a token's queries, keys and values: (H + 2 K) * Hd.</summary>
    public int RowDim => (Heads + (2 * KvHeads)) * HeadDim;

    /// <summary>Query heads that share a key head.</summary>
    public int GroupSize => Heads / KvHeads;

    internal float Scale => ScoreScale == 0 ? 1 / MathF.Sqrt(HeadDim) : ScoreScale;

    /// <summary>The first position that a token sees.</summary>
    internal int FirstVisible(int position) => Window == 0 ? 0 : Math.Max(0, position + 1 - Window);

    internal int KeyStart(int kvHead) => (Heads + kvHead) * HeadDim;

    internal int ValueStart(int kvHead) => (Heads + KvHeads + kvHead) * HeadDim;
}
