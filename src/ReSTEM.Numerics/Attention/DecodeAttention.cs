using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>Attention of one new token over the cached keys and values of its sequence.</summary>
/// <remarks>
/// Vaswani et al. 2017, arXiv:1706.03762, equation 1. Has the bits of <see cref="CausalAttention"/> over the whole sequence; with keys and
/// values in bfloat16, of that over rows whose keys and values are rounded.
/// </remarks>
public static unsafe class DecodeAttention
{
    // Chains that run side by side, so that the latency of a multiply-add does not show
    internal const int Chains = 4;

    /// <summary>Length of the scratch memory for a sequence of this length.</summary>
    public static int ScratchLength(AttentionShape shape, int length) => checked(shape.Heads * ScoreLength(length));

    /// <summary>Each query head attends to the positions before <paramref name="length"/>, or to those in the window.</summary>
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
        int scoreLength = ScoreLength(length), blocks = scoreLength / KvBlocks.BlockLength;
        Shape.AtLeast(row.Length, shape.QueryDim);
        Shape.Same(output.Length, shape.QueryDim);
        Shape.AtLeast(length, 1);
        Shape.AtLeast(blockTable.Length, blocks);
        Shape.AtLeast(scratch.Length, ScratchLength(shape, length));
        cache.CheckBlocks(blockTable[..blocks]);
        if (!FusedMultiplyAdd.IsHardwareAccelerated)
        {
            PromptAttention.Apply(row, cache, blockTable, length - 1, output); // by tiles, which know what to do then
            return;
        }

        int first = shape.FirstVisible(length - 1), firstBlock = first / KvBlocks.BlockLength, begin = firstBlock * KvBlocks.BlockLength;
        Span<float> factors = stackalloc float[shape.Heads];
        fixed (float* query = row, scores = scratch, result = output)
        fixed (int* table = blockTable)
        {
            float** weights = stackalloc float*[shape.Heads];
            for (int head = 0; head < shape.Heads; head++)
            {
                float* own = weights[head] = scores + (head * (nint)scoreLength);
                Score(query, head, cache, table, firstBlock, blocks, own);
                factors[head] = 1 / AttentionSoftmax.Exponentials(new Span<float>(own + first, length - first), shape);
                new Span<float>(own + begin, first - begin).Clear();
            }

            Mix(weights, factors, cache, table, begin, length, null, result);
        }

        GC.KeepAlive(cache);
    }

    private static int ScoreLength(int length) =>
        (length + KvBlocks.BlockLength - 1) / KvBlocks.BlockLength * KvBlocks.BlockLength;

    /// <summary>Raw scores of a head's query for the positions of some blocks.</summary>
    /// <param name="queries">All heads of the row.</param>
    /// <param name="head">Which.</param>
    /// <param name="cache">The layer's keys.</param>
    /// <param name="table">Block numbers.</param>
    /// <param name="firstBlock">First place in the table.</param>
    /// <param name="blocks">Place after the last.</param>
    /// <param name="scores">Of all positions; those before the first block are left as they are.</param>
    internal static void Score(float* queries, int head, KvBlocks cache, int* table, int firstBlock, int blocks, float* scores)
    {
        int headDim = cache.Shape.HeadDim;
        float* query = queries + (head * headDim), keys = cache.KeysOf(head / cache.Shape.GroupSize);
        if (cache.IsNarrow)
        {
            PairAttention.Score(query, headDim, (uint*)keys, cache.KeyBlockSize, table, firstBlock, blocks, scores);
        }
        else
        {
            Score(query, headDim, keys, cache.KeyBlockSize, table, firstBlock, blocks, scores);
        }
    }

    /// <summary>Query times key, 16 positions in a register and four registers side by side.</summary>
    private static void Score(
        float* query, int headDim, float* keys, nint blockSize, int* table, int firstBlock, int blocks, float* scores)
    {
        for (int block = firstBlock; block < blocks; block += Chains)
        {
            int last = blocks - 1; // chains beyond the last block repeat it
            float* k0 = keys + (table[block] * blockSize), k1 = keys + (table[Math.Min(block + 1, last)] * blockSize);
            float* k2 = keys + (table[Math.Min(block + 2, last)] * blockSize);
            float* k3 = keys + (table[Math.Min(block + 3, last)] * blockSize);
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
            for (nint d = 0; d < headDim; d++)
            {
                var q = Vector512.Create(query[d]);
                nint at = d * KvBlocks.BlockLength;
                s0 = Vector512.FusedMultiplyAdd(q, Vector512.Load(k0 + at), s0);
                s1 = Vector512.FusedMultiplyAdd(q, Vector512.Load(k1 + at), s1);
                s2 = Vector512.FusedMultiplyAdd(q, Vector512.Load(k2 + at), s2);
                s3 = Vector512.FusedMultiplyAdd(q, Vector512.Load(k3 + at), s3);
            }

            Vector512.Store(s3, scores + (Math.Min(block + 3, last) * KvBlocks.BlockLength));
            Vector512.Store(s2, scores + (Math.Min(block + 2, last) * KvBlocks.BlockLength));
            Vector512.Store(s1, scores + (Math.Min(block + 1, last) * KvBlocks.BlockLength));
            Vector512.Store(s0, scores + (block * KvBlocks.BlockLength));
        }
    }

    /// <summary>Weights times values; a strip is 16 columns of a head's output, and four strips run side by side.</summary>
    /// <param name="weights">Of each head, for all positions.</param>
    /// <param name="factors">Of each head's sums.</param>
    /// <param name="cache">The layer's values.</param>
    /// <param name="table">Block numbers.</param>
    /// <param name="begin">First position, at the beginning of a block.</param>
    /// <param name="length">Position after the last.</param>
    /// <param name="starts">Each head's sums over the positions before, [ValueDim]; null for zeros.</param>
    /// <param name="output">Shape [H * Hd].</param>
    internal static void Mix(
        float** weights, ReadOnlySpan<float> factors, KvBlocks cache, int* table, int begin, int length, float** starts, float* output)
    {
        int stripsPerHead = cache.ValueDim / Lanes.Count, strips = factors.Length * stripsPerHead;
        int group = cache.Shape.GroupSize, headDim = cache.Shape.HeadDim, valueDim = cache.ValueDim;
        var sums = stackalloc Vector512<float>[Chains];
        var strip = stackalloc float*[2 * Chains];
        for (int first = 0; first < strips; first += Chains)
        {
            for (int chain = 0; chain < Chains; chain++)
            {
                int number = Math.Min(first + chain, strips - 1), head = number / stripsPerHead;
                int column = number % stripsPerHead * Lanes.Count;
                strip[chain] = weights[head];
                strip[Chains + chain] = cache.ValuesOf(head / group) + column;
                sums[chain] = starts == null ? Vector512<float>.Zero : Vector512.Load(starts[head] + column);
            }

            if (cache.IsNarrow)
            {
                PairAttention.MixStrips(strip, cache.ValueBlockSize, valueDim, table, begin, length, sums);
            }
            else
            {
                MixStrips(strip, cache.ValueBlockSize, valueDim, table, begin, length, sums);
            }

            for (int chain = 0; chain < Chains && first + chain < strips; chain++)
            {
                int head = (first + chain) / stripsPerHead, column = (first + chain) % stripsPerHead * Lanes.Count;
                var target = new Span<float>(output + (head * headDim) + column, Math.Min(Lanes.Count, headDim - column));
                Lanes.Store(sums[chain] * factors[head], target, 0);
            }
        }
    }

    private static void MixStrips(
        float** strip, nint blockSize, int valueDim, int* table, int begin, int length, Vector512<float>* sums)
    {
        float* w0 = strip[0], w1 = strip[1], w2 = strip[2], w3 = strip[3];
        Vector512<float> s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
        for (int start = begin; start < length; start += KvBlocks.BlockLength)
        {
            nint block = table[start / KvBlocks.BlockLength] * blockSize;
            float* v0 = strip[4] + block, v1 = strip[5] + block, v2 = strip[6] + block, v3 = strip[7] + block;
            nint end = Math.Min(KvBlocks.BlockLength, length - start) * (nint)valueDim;
            for (nint at = 0, t = start; at < end; at += valueDim, t++)
            {
                s0 = Vector512.FusedMultiplyAdd(Vector512.Create(w0[t]), Vector512.Load(v0 + at), s0);
                s1 = Vector512.FusedMultiplyAdd(Vector512.Create(w1[t]), Vector512.Load(v1 + at), s1);
                s2 = Vector512.FusedMultiplyAdd(Vector512.Create(w2[t]), Vector512.Load(v2 + at), s2);
                s3 = Vector512.FusedMultiplyAdd(Vector512.Create(w3[t]), Vector512.Load(v3 + at), s3);
            }
        }

        (sums[0], sums[1], sums[2], sums[3]) = (s0, s1, s2, s3);
    }
}
