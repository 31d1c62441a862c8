namespace ReSTEM.Numerics;

/// <summary>
/// Keys and values of one layer in blocks of 16 positions. A sequence is a table of block numbers, so sequences may share the
/// blocks of a common prompt.
/// </summary>
/// <remarks>
/// Keys lie as <c>[block][K][Hd][16]</c>, so that 16 positions are scored at once; values as <c>[block][K][16][Hd]</c>.
/// Blocks of different numbers may be written from different threads.
/// </remarks>
public sealed unsafe class KvBlocks
{
    /// <summary>Positions in a block.</summary>
    public const int BlockLength = 16;

    private readonly FloatBuffer _keys;
    private readonly FloatBuffer _values;

    /// <summary>Room for this many blocks.</summary>
    public KvBlocks(int blockCount, AttentionShape shape)
    {
        Shape = shape;
        BlockCount = blockCount;
        ValueDim = (shape.HeadDim + Lanes.Count - 1) / Lanes.Count * Lanes.Count;
        _keys = new FloatBuffer(checked(blockCount * KeyBlockSize));
        _values = new FloatBuffer(checked(blockCount * ValueBlockSize));
    }

    /// <summary>Heads of the layer.</summary>
    public AttentionShape Shape { get; }

    /// <summary>Count of blocks.</summary>
    public int BlockCount { get; }

    /// <summary>Hd, rounded up to whole registers.</summary>
    internal int ValueDim { get; }

    internal int KeyBlockSize => Shape.KvHeads * Shape.HeadDim * BlockLength;

    internal int ValueBlockSize => Shape.KvHeads * ValueDim * BlockLength;

    /// <summary>Puts one token's keys and values into a block.</summary>
    /// <param name="row">The token's row of queries, keys and values after rotation, shape [RowDim].</param>
    /// <param name="block">Below <see cref="BlockCount"/>.</param>
    /// <param name="slot">Position in the sequence modulo <see cref="BlockLength"/>.</param>
    public void Write(ReadOnlySpan<float> row, int block, int slot)
    {
        Numerics.Shape.Same(row.Length, Shape.RowDim);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)slot, (uint)BlockLength);
        for (int head = 0; head < Shape.KvHeads; head++)
        {
            var key = row.Slice(Shape.KeyStart(head), Shape.HeadDim);
            var keys = Keys(block, head);
            for (int d = 0; d < key.Length; d++)
            {
                keys[(d * BlockLength) + slot] = key[d];
            }

            row.Slice(Shape.ValueStart(head), Shape.HeadDim).CopyTo(Values(block, head)[(slot * ValueDim)..]);
        }
    }

    /// <summary>Copies a whole block, for a sequence that goes on in a block that others share.</summary>
    public void Copy(int fromBlock, int toBlock)
    {
        _keys.Slice(fromBlock * KeyBlockSize, KeyBlockSize).CopyTo(_keys.Slice(toBlock * KeyBlockSize, KeyBlockSize));
        _values.Slice(fromBlock * ValueBlockSize, ValueBlockSize)
            .CopyTo(_values.Slice(toBlock * ValueBlockSize, ValueBlockSize));
    }

    /// <summary>Keys of a head in block 0, shape [Hd, 16]; other blocks follow at multiples of <see cref="KeyBlockSize"/>.</summary>
    internal float* KeysOf(int head) => _keys.Pointer + (head * Shape.HeadDim * BlockLength);

    /// <summary>Values of a head in block 0, shape [16, ValueDim]; other blocks follow at multiples of <see cref="ValueBlockSize"/>.</summary>
    internal float* ValuesOf(int head) => _values.Pointer + (head * ValueDim * BlockLength);

    internal void CheckBlocks(ReadOnlySpan<int> blockTable)
    {
        foreach (int block in blockTable)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)block, (uint)BlockCount);
        }
    }

    private Span<float> Keys(int block, int head) =>
        _keys.Slice((block * KeyBlockSize) + (head * Shape.HeadDim * BlockLength), Shape.HeadDim * BlockLength);

    private Span<float> Values(int block, int head) =>
        _values.Slice((block * ValueBlockSize) + (head * ValueDim * BlockLength), ValueDim * BlockLength);
}
