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
                weights[head] = scores + (head * (nint)scoreLength);
            }

            ScoreAll(query, cache, table, firstBlock, blocks, weights);
            for (int head = 0; head < shape.Heads; head++)
            {
                factors[head] = 1 / AttentionSoftmax.Exponentials(weights[head] + first, length - first, scoreLength - first, shape);
                new Span<float>(weights[head] + begin, first - begin).Clear();
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

    /// <summary>Raw scores of all heads.</summary>
    private static void ScoreAll(float* queries, KvBlocks cache, int* table, int firstBlock, int blocks, float** scores)
    {
        var shape = cache.Shape;
        int head = 0;
        for (; !cache.IsNarrow && head + 1 < shape.Heads; head += 2)
        {
            float* query = queries + (head * shape.HeadDim), keys = cache.KeysOf(head / shape.GroupSize);
            nint toOther = (nint)(cache.KeysOf((head + 1) / shape.GroupSize) - keys);
            ScoreTwo(query, shape.HeadDim, keys, toOther, cache.KeyBlockSize, table, firstBlock, blocks, scores[head], scores[head + 1]);
        }

        for (; head < shape.Heads; head++)
        {
            Score(queries, head, cache, table, firstBlock, blocks, scores[head]);
        }
    }

    /// <summary>Two neighbouring heads at a time: eight registers side by side keep both units of the processor busy.</summary>
    private static void ScoreTwo(
        float* query, int headDim, float* keys, nint toOther, nint blockSize, int* table, int firstBlock, int blocks, float* scores, float* others)
    {
        for (int block = firstBlock; block < blocks; block += Chains)
        {
            int last = blocks - 1; // chains beyond the last block repeat it
            int second = Math.Min(block + 1, last), third = Math.Min(block + 2, last), fourth = Math.Min(block + 3, last);
            float* k0 = keys + (table[block] * blockSize), k1 = keys + (table[second] * blockSize);
            float* k2 = keys + (table[third] * blockSize), k3 = keys + (table[fourth] * blockSize);
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, o0 = default, o1 = default, o2 = default, o3 = default;
            nint other = toOther;
            for (nint d = 0, at = 0; d < headDim; d++, at += KvBlocks.BlockLength, other += KvBlocks.BlockLength)
            {
                var q = Vector512.Create(query[d]);
                s0 = Vector512.FusedMultiplyAdd(q, Vector512.Load(k0 + at), s0);
                s1 = Vector512.FusedMultiplyAdd(q, Vector512.Load(k1 + at), s1);
                s2 = Vector512.FusedMultiplyAdd(q, Vector512.Load(k2 + at), s2);
                s3 = Vector512.FusedMultiplyAdd(q, Vector512.Load(k3 + at), s3);
                var p = Vector512.Create(query[headDim + d]);
                o0 = Vector512.FusedMultiplyAdd(p, Vector512.Load(k0 + other), o0);
                o1 = Vector512.FusedMultiplyAdd(p, Vector512.Load(k1 + other), o1);
                o2 = Vector512.FusedMultiplyAdd(p, Vector512.Load(k2 + other), o2);
                o3 = Vector512.FusedMultiplyAdd(p, Vector512.Load(k3 + other), o3);
            }

            Store(scores, s0, s1, s2, s3);
            Store(others, o0, o1, o2, o3);

            void Store(float* to, Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3)
            {
                Vector512.Store(v3, to + (fourth * KvBlocks.BlockLength));
                Vector512.Store(v2, to + (third * KvBlocks.BlockLength));
                Vector512.Store(v1, to + (second * KvBlocks.BlockLength));
                Vector512.Store(v0, to + (block * KvBlocks.BlockLength));
            }
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

    /// <summary>
    /// Weights times values; a strip is 16 columns of a head's output. Four chains run side by side, each of two strips of a head where
    /// its strips are even in number.
    /// </summary>
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
        int group = cache.Shape.GroupSize, headDim = cache.Shape.HeadDim, valueDim = cache.ValueDim;
        int width = cache.IsNarrow || valueDim % (2 * Lanes.Count) != 0 ? 1 : 2; // strips of a chain
        int chainsPerHead = valueDim / (width * Lanes.Count), chains = factors.Length * chainsPerHead;
        var sums = stackalloc Vector512<float>[2 * Chains];
        var strip = stackalloc float*[2 * Chains];
        for (int first = 0; first < chains; first += Chains)
        {
            for (int chain = 0; chain < Chains; chain++)
            {
                int number = Math.Min(first + chain, chains - 1), head = number / chainsPerHead;
                int column = number % chainsPerHead * width * Lanes.Count;
                strip[chain] = weights[head];
                strip[Chains + chain] = cache.ValuesOf(head / group) + column;
                for (int part = 0; part < width; part++)
                {
                    sums[(chain * width) + part] = starts == null ? Vector512<float>.Zero : Vector512.Load(starts[head] + column + (part * Lanes.Count));
                }
            }

            if (cache.IsNarrow)
            {
                PairAttention.MixStrips(strip, cache.ValueBlockSize, valueDim, table, begin, length, sums);
            }
            else if (width == 1)
            {
                MixStrips(strip, cache.ValueBlockSize, valueDim, table, begin, length, sums);
            }
            else
            {
                MixTwoStrips(strip, cache.ValueBlockSize, valueDim, table, begin, length, sums);
            }

            for (int part = 0; part < Chains * width && first + (part / width) < chains; part++)
            {
                int number = first + (part / width), head = number / chainsPerHead;
                int column = ((number % chainsPerHead * width) + (part % width)) * Lanes.Count;
                var target = new Span<float>(output + (head * headDim) + column, Math.Min(Lanes.Count, headDim - column));
                Lanes.Store(sums[part] * factors[head], target, 0);
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

    private static void MixTwoStrips(
        float** strip, nint blockSize, int valueDim, int* table, int begin, int length, Vector512<float>* sums)
    {
        float* w0 = strip[0], w1 = strip[1], w2 = strip[2], w3 = strip[3];
        Vector512<float> s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3], s4 = sums[4], s5 = sums[5], s6 = sums[6], s7 = sums[7];
        for (int start = begin; start < length; start += KvBlocks.BlockLength)
        {
            nint block = table[start / KvBlocks.BlockLength] * blockSize;
            float* v0 = strip[4] + block, v1 = strip[5] + block, v2 = strip[6] + block, v3 = strip[7] + block;
            nint end = Math.Min(KvBlocks.BlockLength, length - start) * (nint)valueDim;
            for (nint at = 0, t = start; at < end; at += valueDim, t++)
            {
                Vector512<float> x0 = Vector512.Create(w0[t]), x1 = Vector512.Create(w1[t]), x2 = Vector512.Create(w2[t]), x3 = Vector512.Create(w3[t]);
                s0 = Vector512.FusedMultiplyAdd(x0, Vector512.Load(v0 + at), s0);
                s1 = Vector512.FusedMultiplyAdd(x0, Vector512.Load(v0 + at + Lanes.Count), s1);
                s2 = Vector512.FusedMultiplyAdd(x1, Vector512.Load(v1 + at), s2);
                s3 = Vector512.FusedMultiplyAdd(x1, Vector512.Load(v1 + at + Lanes.Count), s3);
                s4 = Vector512.FusedMultiplyAdd(x2, Vector512.Load(v2 + at), s4);
                s5 = Vector512.FusedMultiplyAdd(x2, Vector512.Load(v2 + at + Lanes.Count), s5);
                s6 = Vector512.FusedMultiplyAdd(x3, Vector512.Load(v3 + at), s6);
                s7 = Vector512.FusedMultiplyAdd(x3, Vector512.Load(v3 + at + Lanes.Count), s7);
            }
        }

        (sums[0], sums[1], sums[2], sums[3]) = (s0, s1, s2, s3);
        (sums[4], sums[5], sums[6], sums[7]) = (s4, s5, s6, s7);
    }
}
