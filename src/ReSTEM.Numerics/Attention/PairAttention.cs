using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>
/// The loops of <see cref="DecodeAttention"/> over keys and values in bfloat16, two in a word. The numbers are widened to float32, which is
/// exact, and summed up in the same order.
/// </summary>
internal static unsafe class PairAttention
{
    /// <summary>Query times key, 16 positions in a register and four registers side by side.</summary>
    internal static void Score(
        float* query, int headDim, uint* keys, nint blockSize, int* table, int firstBlock, int blocks, float* scores)
    {
        var upper = Vector512.Create(0xFFFF0000);
        for (int block = firstBlock; block < blocks; block += DecodeAttention.Chains)
        {
            int last = blocks - 1; // chains beyond the last block repeat it
            uint* k0 = keys + (table[block] * blockSize), k1 = keys + (table[Math.Min(block + 1, last)] * blockSize);
            uint* k2 = keys + (table[Math.Min(block + 2, last)] * blockSize);
            uint* k3 = keys + (table[Math.Min(block + 3, last)] * blockSize);
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
            for (nint d = 0; d < headDim; d += 2)
            {
                nint at = d / 2 * KvBlocks.BlockLength;
                Vector512<uint> p0 = Vector512.Load(k0 + at), p1 = Vector512.Load(k1 + at);
                Vector512<uint> p2 = Vector512.Load(k2 + at), p3 = Vector512.Load(k3 + at);
                var q = Vector512.Create(query[d]);
                s0 = Vector512.FusedMultiplyAdd(q, (p0 << 16).AsSingle(), s0);
                s1 = Vector512.FusedMultiplyAdd(q, (p1 << 16).AsSingle(), s1);
                s2 = Vector512.FusedMultiplyAdd(q, (p2 << 16).AsSingle(), s2);
                s3 = Vector512.FusedMultiplyAdd(q, (p3 << 16).AsSingle(), s3);
                if (d + 1 == headDim)
                {
                    break;
                }

                q = Vector512.Create(query[d + 1]);
                s0 = Vector512.FusedMultiplyAdd(q, (p0 & upper).AsSingle(), s0);
                s1 = Vector512.FusedMultiplyAdd(q, (p1 & upper).AsSingle(), s1);
                s2 = Vector512.FusedMultiplyAdd(q, (p2 & upper).AsSingle(), s2);
                s3 = Vector512.FusedMultiplyAdd(q, (p3 & upper).AsSingle(), s3);
            }

            Vector512.Store(s3, scores + (Math.Min(block + 3, last) * KvBlocks.BlockLength));
            Vector512.Store(s2, scores + (Math.Min(block + 2, last) * KvBlocks.BlockLength));
            Vector512.Store(s1, scores + (Math.Min(block + 1, last) * KvBlocks.BlockLength));
            Vector512.Store(s0, scores + (block * KvBlocks.BlockLength));
        }
    }

    /// <summary>Weights times values of four strips of 16 columns.</summary>
    /// <param name="strip">Weights of each strip, then values of each in block 0.</param>
    /// <param name="blockSize">Words from block to block.</param>
    /// <param name="valueDim">Words from pair to pair of positions.</param>
    /// <param name="table">Block numbers.</param>
    /// <param name="begin">First position, at the beginning of a block.</param>
    /// <param name="length">Position after the last.</param>
    /// <param name="sums">The sum of each strip, which goes on from what is there.</param>
    internal static void MixStrips(
        float** strip, nint blockSize, int valueDim, int* table, int begin, int length, Vector512<float>* sums)
    {
        var upper = Vector512.Create(0xFFFF0000);
        float* w0 = strip[0], w1 = strip[1], w2 = strip[2], w3 = strip[3];
        Vector512<float> s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
        for (int start = begin; start < length; start += KvBlocks.BlockLength)
        {
            nint block = table[start / KvBlocks.BlockLength] * blockSize;
            uint* v0 = (uint*)strip[4] + block, v1 = (uint*)strip[5] + block, v2 = (uint*)strip[6] + block, v3 = (uint*)strip[7] + block;
            int end = Math.Min(length, start + KvBlocks.BlockLength);
            nint at = 0;
            for (nint t = start; t < end; t += 2, at += valueDim)
            {
                Vector512<uint> p0 = Vector512.Load(v0 + at), p1 = Vector512.Load(v1 + at);
                Vector512<uint> p2 = Vector512.Load(v2 + at), p3 = Vector512.Load(v3 + at);
                s0 = Vector512.FusedMultiplyAdd(Vector512.Create(w0[t]), (p0 << 16).AsSingle(), s0);
                s1 = Vector512.FusedMultiplyAdd(Vector512.Create(w1[t]), (p1 << 16).AsSingle(), s1);
                s2 = Vector512.FusedMultiplyAdd(Vector512.Create(w2[t]), (p2 << 16).AsSingle(), s2);
                s3 = Vector512.FusedMultiplyAdd(Vector512.Create(w3[t]), (p3 << 16).AsSingle(), s3);
                if (t + 1 == end)
                {
                    break;
                }

                s0 = Vector512.FusedMultiplyAdd(Vector512.Create(w0[t + 1]), (p0 & upper).AsSingle(), s0);
                s1 = Vector512.FusedMultiplyAdd(Vector512.Create(w1[t + 1]), (p1 & upper).AsSingle(), s1);
                s2 = Vector512.FusedMultiplyAdd(Vector512.Create(w2[t + 1]), (p2 & upper).AsSingle(), s2);
                s3 = Vector512.FusedMultiplyAdd(Vector512.Create(w3[t + 1]), (p3 & upper).AsSingle(), s3);
            }
        }

        (sums[0], sums[1], sums[2], sums[3]) = (s0, s1, s2, s3);
    }
}
