using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ReSTEM.Arithmetic;
using ReSTEM.Core;
using ReSTEM.Numerics;

namespace ReSTEM.Engines;

/// <summary>Finds the tokens that top-k and top-p leave, without sorting the vocabulary. For one thread.</summary>
internal sealed class TokenFilter(int vocabularySize)
{
    private const int Width = 16;
    private const int GroupLength = 64;

    private readonly ulong[] _keys = new ulong[vocabularySize];
    private readonly int[] _ids = new int[vocabularySize];
    private readonly ulong[] _groupKeys = new ulong[(vocabularySize / GroupLength) + 1];
    private readonly long[] _noWeights = new long[(vocabularySize / GroupLength) + 1];

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
            count = LogitOrder.TakeFirst(_keys.AsSpan(0, count), weights, options.TopK, long.MaxValue);
            sum = WeightOf(_keys.AsSpan(0, count), weights);
        }

        if (options.TopP < 1)
        {
            long enough = Math.Max(1, (long)Math.Ceiling(options.TopP * sum));
            count = LogitOrder.TakeFirst(_keys.AsSpan(0, count), weights, count, enough);
            sum = WeightOf(_keys.AsSpan(0, count), weights);
        }

        for (int i = 0; i < count; i++)
        {
            _ids[i] = LogitOrder.IdOf(_keys[i]);
        }

        Span<int> ids = _ids.AsSpan(0, count);
        ids.Sort();
        return ids;
    }

    /// <summary>
    /// At least k tokens reach this logit, so the first k all do: the k-th largest of the maxima of groups of tokens.
    /// </summary>
    private float TopKBound(ReadOnlySpan<float> logits, int count)
    {
        int groups = logits.Length / GroupLength;
        if (groups < 2 * count)
        {
            return float.NegativeInfinity; // too few groups to bound anything
        }

        for (int group = 0; group < groups; group++)
        {
            _groupKeys[group] = LogitOrder.Key(Reduction.Max(logits.Slice(group * GroupLength, GroupLength)), group);
        }

        int taken = LogitOrder.TakeFirst(_groupKeys.AsSpan(0, groups), _noWeights, count, long.MaxValue);
        ulong lowest = ulong.MaxValue;
        foreach (ulong key in _groupKeys.AsSpan(0, taken))
        {
            lowest = Math.Min(lowest, key);
        }

        int last = LogitOrder.IdOf(lowest);
        return Reduction.Max(logits.Slice(last * GroupLength, GroupLength));
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

    private static long WeightOf(ReadOnlySpan<ulong> keys, ReadOnlySpan<long> weights)
    {
        long sum = 0;
        foreach (ulong key in keys)
        {
            sum += weights[LogitOrder.IdOf(key)];
        }

        return sum;
    }
}
