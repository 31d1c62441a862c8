using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ReSTEM.Arithmetic;
using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>Finds the tokens that top-k and top-p leave, without sorting the vocabulary. For one thread.</summary>
internal sealed class TokenFilter(int vocabularySize)
{
    private const int Width = 16;
    private const int StrandsPerToken = 2; // of the k: few more than k tokens then reach the bound
    private const int LeastStrandLength = 2;

    private readonly ulong[] _keys = new ulong[vocabularySize]; // ascending by id
    private readonly ulong[] _ordered = new ulong[vocabularySize];
    private readonly int[] _ids = new int[vocabularySize];
    private readonly float[] _maxima = new float[vocabularySize / LeastStrandLength];
    private readonly long[] _noWeights = new long[vocabularySize / LeastStrandLength];

    /// <summary>Ids that may be drawn, ascending.</summary>
    /// <param name="logits">[V].</param>
    /// <param name="max">The largest of them.</param>
    /// <param name="weights">[V], whole multiples of <paramref name="unit"/>; a token without weight never passes.</param>
    /// <param name="unit">Weight of the largest logit.</param>
    /// <param name="sum">The sum of the weights; on return that of the tokens that pass.</param>
    /// <param name="options">Temperature and filters.</param>
    internal ReadOnlySpan<int> Passing(
        ReadOnlySpan<float> logits, float max, ReadOnlySpan<long> weights, double unit, ref long sum, SamplingOptions options)
    {
        bool hasTopK = options.TopK > 0 && options.TopK < logits.Length;
        float cut = hasTopK ? TopKBound(logits, options.TopK) : TopPBound(logits.Length, max, unit, sum, options);
        int count = Gather(logits, weights, cut);
        if (hasTopK)
        {
            (count, sum) = Keep(count, weights, options.TopK, long.MaxValue);
        }

        if (options.TopP < 1)
        {
            (count, sum) = Keep(count, weights, count, Math.Max(1, (long)Math.Ceiling(options.TopP * sum)));
        }

        for (int i = 0; i < count; i++)
        {
            _ids[i] = LogitOrder.IdOf(_keys[i]);
        }

        return _ids.AsSpan(0, count);
    }

    /// <summary>Leaves the first tokens of the order that reach a count or a sum of weights, still ascending by id.</summary>
    /// <returns>How many are left, and the sum of their weights.</returns>
    private (int Count, long Sum) Keep(int count, ReadOnlySpan<long> weights, int most, long enough)
    {
        Span<ulong> keys = _keys.AsSpan(0, count), ordered = _ordered.AsSpan(0, count);
        keys.CopyTo(ordered);
        ulong last = Lowest(ordered[..LogitOrder.TakeFirst(ordered, weights, most, enough)]);
        int kept = 0;
        long sum = 0;
        foreach (ulong key in keys)
        {
            keys[kept] = key;
            kept += key >= last ? 1 : 0;
            sum += key >= last ? weights[LogitOrder.IdOf(key)] : 0;
        }

        return (kept, sum);
    }

    private static ulong Lowest(ReadOnlySpan<ulong> keys)
    {
        ulong lowest = ulong.MaxValue;
        foreach (ulong key in keys)
        {
            lowest = Math.Min(lowest, key);
        }

        return lowest;
    }

    /// <summary>
    /// At least k tokens reach this logit, so the first k all do: the k-th largest of the maxima of strands of tokens,
    /// where a strand is every S-th token from one of the first S on.
    /// </summary>
    private float TopKBound(ReadOnlySpan<float> logits, int count)
    {
        int strands = ((StrandsPerToken * count) + Width - 1) / Width * Width;
        if (strands * LeastStrandLength > logits.Length)
        {
            return float.NegativeInfinity; // the maxima of so short strands bound little
        }

        Span<float> maxima = _maxima.AsSpan(0, strands);
        FillMaxima(logits, maxima);
        Span<ulong> keys = _keys.AsSpan(0, strands);
        for (int strand = 0; strand < strands; strand++)
        {
            keys[strand] = LogitOrder.Key(maxima[strand], strand);
        }

        ulong last = Lowest(keys[..LogitOrder.TakeFirst(keys, _noWeights, count, long.MaxValue)]);
        return maxima[LogitOrder.IdOf(last)];
    }

    private static void FillMaxima(ReadOnlySpan<float> logits, Span<float> maxima)
    {
        ref float source = ref MemoryMarshal.GetReference(logits);
        ref float target = ref MemoryMarshal.GetReference(maxima);
        int whole = logits.Length / maxima.Length * maxima.Length;
        logits[..maxima.Length].CopyTo(maxima);
        for (int start = maxima.Length; start < whole; start += maxima.Length)
        {
            for (int strand = 0; strand < maxima.Length; strand += Width)
            {
                var larger = Vector512.Max(Vector512.LoadUnsafe(ref target, (nuint)strand), Vector512.LoadUnsafe(ref source, (nuint)(start + strand)));
                larger.StoreUnsafe(ref target, (nuint)strand);
            }
        }

        for (int index = whole; index < logits.Length; index++)
        {
            maxima[index - whole] = Math.Max(maxima[index - whole], logits[index]);
        }
    }

    /// <summary>Tokens below this logit weigh less than 1 - p together, so the first tokens reach p without them.</summary>
    private static float TopPBound(int tokens, float max, double unit, long sum, SamplingOptions options)
    {
        // Below the exact bound by more than the error of the exponentials.
        double share = 0.999 * (1 - options.TopP) * sum / tokens / unit;
        return share > 0 ? (float)(max + (options.Temperature * Elementary.Log(share)) - (1e-5 * Math.Abs(max))) : float.NegativeInfinity;
    }

    /// <summary>Collects keys of the tokens that reach a logit.</summary>
    private int Gather(ReadOnlySpan<float> logits, ReadOnlySpan<long> weights, float cut)
    {
        ref float source = ref MemoryMarshal.GetReference(logits);
        var cuts = Vector512.Create(cut);
        int count = 0, index = 0;
        for (; index <= logits.Length - Width; index += Width)
        {
            var reaches = Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref source, (nuint)index), cuts);
            for (ulong bits = reaches.ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
            {
                int id = index + BitOperations.TrailingZeroCount(bits);
                _keys[count] = LogitOrder.Key(logits[id], id);
                count += weights[id] > 0 ? 1 : 0;
            }
        }

        for (; index < logits.Length; index++)
        {
            _keys[count] = LogitOrder.Key(logits[index], index);
            count += logits[index] >= cut && weights[index] > 0 ? 1 : 0;
        }

        return count;
    }
}
