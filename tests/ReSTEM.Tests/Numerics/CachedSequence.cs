using ReSTEM.Numerics;

namespace ReSTEM.Tests;

/// <summary>A sequence in blocks that lie in no order, and what its tokens attend to, computed one by one.</summary>
internal sealed class CachedSequence
{
    private int _copies;

    internal CachedSequence(AttentionShape shape, int length, NumberFormat format)
    {
        Length = length;
        int blocks = (length + KvBlocks.BlockLength - 1) / KvBlocks.BlockLength;
        Table = [.. Enumerable.Range(0, blocks).Select(block => (block * 5 % blocks) + 1)];
        Blocks = new KvBlocks(blocks + 8, shape, format);
        Rows = KernelData.Random(length * shape.RowDim, 2, 2);
        Expected = new float[length * shape.QueryDim];
        var scratch = new float[DecodeAttention.ScratchLength(shape, length)];
        for (int t = 0; t < length; t++)
        {
            var row = Rows.AsSpan(t * shape.RowDim, shape.RowDim);
            Blocks.Write(row, Table[t / KvBlocks.BlockLength], t % KvBlocks.BlockLength);
            DecodeAttention.Apply(row, Blocks, Table, t + 1, scratch, Expected.AsSpan(t * shape.QueryDim, shape.QueryDim));
        }
    }

    internal int Length { get; }

    /// <summary>[T, RowDim].</summary>
    internal float[] Rows { get; }

    internal KvBlocks Blocks { get; }

    internal int[] Table { get; }

    /// <summary>[T, H * Hd].</summary>
    internal float[] Expected { get; }

    /// <summary>The number of a new block with the same content.</summary>
    internal int Copy(int block)
    {
        int copy = Table.Length + 1 + _copies++;
        Blocks.Copy(block, copy);
        return copy;
    }
}
