using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>Attention of one new token over the cached keys and values of its sequence.</summary>
/// <remarks>Vaswani et al. 2017, arXiv:1706.03762, equation 1. Has the bits of <see cref="CausalAttention"/> over the whole sequence.</remarks>
public static class DecodeAttention
{
    /// <summary>Length of the scratch memory for a sequence of this length.</summary>
    public static int ScratchLength(int length) =>
        (length + KvBlocks.BlockLength - 1) / KvBlocks.BlockLength * KvBlocks.BlockLength;

    /// <summary>Each query head attends to positions 0 to <paramref name="length"/> - 1.</summary>
    /// <param name="row">The token's row, of which the query heads are read, shape at least [H * Hd].</param>
    /// <param name="cache">The layer's keys and values; the token's own are already there.</param>
    /// <param name="blockTable">Block numbers of the sequence in order of position.</param>
    /// <param name="length">Positions of the sequence, the token's own included; at least 1.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> of the length.</param>
    /// <param name="output">Shape [H * Hd].</param>
    public static void Apply(
        ReadOnlySpan<float> row, KvBlocks cache, ReadOnlySpan<int> blockTable, int length,
        Span<float> scratch, Span<float> output)
    {
        var shape = cache.Shape;
        Shape.AtLeast(row.Length, shape.QueryDim);
        Shape.Same(output.Length, shape.QueryDim);
        Shape.AtLeast(length, 1);
        Shape.AtLeast(blockTable.Length * KvBlocks.BlockLength, length);
        Shape.AtLeast(scratch.Length, ScratchLength(length));
        for (int head = 0; head < shape.Heads; head++)
        {
            int kvHead = head / shape.GroupSize;
            Score(row.Slice(head * shape.HeadDim, shape.HeadDim), cache, blockTable, kvHead, scratch[..ScratchLength(length)]);
            float sum = AttentionSoftmax.Exponentials(scratch[..length], shape.Scale);
            Mix(scratch[..length], cache, blockTable, kvHead, 1 / sum, output.Slice(head * shape.HeadDim, shape.HeadDim));
        }
    }

    private static void Score(
        ReadOnlySpan<float> query, KvBlocks cache, ReadOnlySpan<int> blockTable, int kvHead, Span<float> scores)
    {
        for (int block = 0; block * KvBlocks.BlockLength < scores.Length; block++)
        {
            var keys = cache.Keys(blockTable[block], kvHead);
            var sums = Vector512<float>.Zero;
            for (int d = 0; d < query.Length; d++)
            {
                sums = Vector512.FusedMultiplyAdd(
                    Vector512.Create(query[d]), Lanes.At(ref Lanes.Start(keys), d * KvBlocks.BlockLength), sums);
            }

            sums.CopyTo(scores[(block * KvBlocks.BlockLength)..]);
        }
    }

    private static void Mix(
        ReadOnlySpan<float> weights, KvBlocks cache, ReadOnlySpan<int> blockTable, int kvHead, float factor, Span<float> output)
    {
        for (int column = 0; column < output.Length; column += Lanes.Count)
        {
            var sums = Vector512<float>.Zero;
            for (int start = 0; start < weights.Length; start += KvBlocks.BlockLength)
            {
                var values = cache.Values(blockTable[start / KvBlocks.BlockLength], kvHead);
                int end = Math.Min(KvBlocks.BlockLength, weights.Length - start);
                for (int slot = 0; slot < end; slot++)
                {
                    sums = Vector512.FusedMultiplyAdd(
                        Vector512.Create(weights[start + slot]),
                        Lanes.At(ref Lanes.Start(values), (slot * cache.ValueDim) + column), sums);
                }
            }

            Lanes.Store(sums * factor, output[column..]);
        }
    }
}
