using System.Runtime.InteropServices;

namespace ReSTEM.Numerics;

/// <summary>
/// Keys and values of one layer in blocks of 16 positions. A sequence is a table of block numbers, so sequences may share the
/// blocks of a common prompt.
/// </summary>
/// <remarks>
/// Keys lie as <c>[block][K][Hd][16]</c>, so that 16 positions are scored at once; values as <c>[block][K][16][Hd]</c>. In bfloat16 a word
/// holds two neighbours: of keys two of Hd, of values two positions, the first in its lower half.
/// Blocks of different numbers may be written from different threads.
/// </remarks>
public sealed unsafe class KvBlocks : IDisposable
{
    /// <summary>Positions in a block.</summary>
    public const int BlockLength = 16;

    private readonly FloatBuffer _keys;
    private readonly FloatBuffer _values;

    /// <summary>Room for this many blocks.</summary>
    /// <param name="blockCount">Blocks.</param>
    /// <param name="shape">Heads of the layer.</param>
    /// <param name="format">What keys and values are rounded to: float32 or bfloat16.</param>
    /// <param name="isCleared">False if <see cref="Clear"/> is called for each block before its first use, so that those never used cost no memory.</param>
    public KvBlocks(int blockCount, AttentionShape shape, NumberFormat format = NumberFormat.Float32, bool isCleared = true)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)format, (int)NumberFormat.Int8, nameof(format)); // which is for products alone
        Shape = shape;
        IsNarrow = format is NumberFormat.Bfloat16;
        BlockCount = blockCount;
        ValueDim = (shape.HeadDim + Lanes.Count - 1) / Lanes.Count * Lanes.Count;
        int keys = checked(blockCount * KeyBlockSize), values = checked(blockCount * ValueBlockSize);
        (_keys, _values) = isCleared ? (new FloatBuffer(keys), new FloatBuffer(values)) : (FloatBuffer.Uncleared(keys), FloatBuffer.Uncleared(values));
    }

    /// <summary>Heads of the layer.</summary>
    public AttentionShape Shape { get; }

    /// <summary>Count of blocks.</summary>
    public int BlockCount { get; }

    /// <summary>Hd, rounded up to whole registers.</summary>
    internal int ValueDim { get; }

    /// <summary>Whether words hold two numbers.</summary>
    internal bool IsNarrow { get; }

    /// <summary>In words of 32 bits.</summary>
    internal int KeyBlockSize => Shape.KvHeads * KeyHeadSize;

    /// <summary>In words of 32 bits.</summary>
    internal int ValueBlockSize => Shape.KvHeads * ValueHeadSize;

    private int KeyHeadSize => (IsNarrow ? (Shape.HeadDim + 1) / 2 : Shape.HeadDim) * BlockLength;

    private int ValueHeadSize => ValueDim * (IsNarrow ? BlockLength / 2 : BlockLength);

    /// <summary>Puts one token's keys and values into a block.</summary>
    /// <param name="row">The token's row of queries, keys and values after rotation, shape [RowDim].</param>
    /// <param name="block">Below <see cref="BlockCount"/>.</param>
    /// <param name="slot">Position in the sequence modulo <see cref="BlockLength"/>.</param>
    public void Write(ReadOnlySpan<float> row, int block, int slot)
    {
        Numerics.Shape.Same(row.Length, Shape.RowDim);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)slot, (uint)BlockLength);
        if (IsNarrow)
        {
            WriteHalves(row, block, slot);
            return;
        }

        for (int head = 0; head < Shape.KvHeads; head++)
        {
            fixed (float* keys = Keys(block, head), key = row.Slice(Shape.KeyStart(head), Shape.HeadDim))
            {
                float* target = keys + slot;
                for (nint d = 0; d < Shape.HeadDim; d++, target += BlockLength)
                {
                    *target = key[d];
                }
            }

            row.Slice(Shape.ValueStart(head), Shape.HeadDim).CopyTo(Values(block, head)[(slot * ValueDim)..]);
        }
    }

    /// <summary>Fills a block with zeros. What is left in it of an earlier sequence does no harm later, but memory never used may hold what is no number.</summary>
    public void Clear(int block)
    {
        _keys.Slice(block * KeyBlockSize, KeyBlockSize).Clear();
        _values.Slice(block * ValueBlockSize, ValueBlockSize).Clear();
    }

    /// <summary>Copies a whole block, for a sequence that goes on in a block that others share.</summary>
    public void Copy(int fromBlock, int toBlock)
    {
        _keys.Slice(fromBlock * KeyBlockSize, KeyBlockSize).CopyTo(_keys.Slice(toBlock * KeyBlockSize, KeyBlockSize));
        _values.Slice(fromBlock * ValueBlockSize, ValueBlockSize)
            .CopyTo(_values.Slice(toBlock * ValueBlockSize, ValueBlockSize));
    }

    /// <summary>Keys of a head in block 0, shape [Hd, 16] or as pairs [Hd / 2, 16]; other blocks follow at multiples of <see cref="KeyBlockSize"/>.</summary>
    internal float* KeysOf(int head) => _keys.Pointer + (head * KeyHeadSize);

    /// <summary>Values of a head in block 0, shape [16, ValueDim] or as pairs [8, ValueDim]; other blocks follow at multiples of <see cref="ValueBlockSize"/>.</summary>
    internal float* ValuesOf(int head) => _values.Pointer + (head * ValueHeadSize);

    /// <summary>Gives the memory back; nothing can be written or read any more.</summary>
    public void Dispose()
    {
        _keys.GiveBack();
        _values.GiveBack();
    }

    internal void CheckBlocks(ReadOnlySpan<int> blockTable)
    {
        foreach (int block in blockTable)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)block, (uint)BlockCount);
        }
    }

    private void WriteHalves(ReadOnlySpan<float> row, int block, int slot)
    {
        Span<ushort> halves = stackalloc ushort[Shape.HeadDim];
        for (int head = 0; head < Shape.KvHeads; head++)
        {
            BfloatRounding.Narrow(row.Slice(Shape.KeyStart(head), Shape.HeadDim), halves);
            var keys = MemoryMarshal.Cast<float, ushort>(Keys(block, head));
            for (int d = 0; d < halves.Length; d++)
            {
                keys[(((d / 2 * BlockLength) + slot) * 2) + (d % 2)] = halves[d];
            }

            BfloatRounding.Narrow(row.Slice(Shape.ValueStart(head), Shape.HeadDim), halves);
            var values = MemoryMarshal.Cast<float, ushort>(Values(block, head));
            for (int d = 0; d < halves.Length; d++)
            {
                values[(((slot / 2 * ValueDim) + d) * 2) + (slot % 2)] = halves[d];
            }
        }
    }

    private Span<float> Keys(int block, int head) => _keys.Slice((block * KeyBlockSize) + (head * KeyHeadSize), KeyHeadSize);

    private Span<float> Values(int block, int head) =>
        _values.Slice((block * ValueBlockSize) + (head * ValueHeadSize), ValueHeadSize);
}
