using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ReSTEM.Core;
using ReSTEM.Numerics;

namespace ReSTEM.Engine;

/// <summary>A drawn token.</summary>
/// <param name="Id">Token id.</param>
/// <param name="LogProbability">Its log-probability without temperature and filters, in nats.</param>
internal readonly record struct DrawnToken(int Id, double LogProbability);

/// <summary>Draws tokens from rows of logits. For one thread.</summary>
/// <remarks>
/// Temperature is applied first, then top-k, then top-p on what top-k left (Holtzman et al. 2020, arXiv:1904.09751, section 3.1).
/// Weights are e^((logit - max) / T) as whole multiples of 2^-40, so that sums are exact and no order of summation matters;
/// the token is the first in order of ids at which the running sum of weights exceeds u times the whole sum.
/// </remarks>
internal sealed class TokenSampler(int vocabularySize)
{
    private const int Width = 16;
    private const double WeightUnit = 1L << 40;
    private const double RoundingMagic = 1L << 52; // adding it leaves the nearest whole number in the low bits

    private readonly float[] _exponentials = new float[vocabularySize + Width];
    private readonly long[] _weights = new long[vocabularySize + Width];
    private readonly ulong[] _keys = new ulong[vocabularySize];

    /// <summary>Draws one token.</summary>
    /// <param name="logits">[V]; minus infinity is never drawn.</param>
    /// <param name="options">Temperature and filters.</param>
    /// <param name="random">Where u comes from.</param>
    /// <param name="position">Position of u in the stream.</param>
    /// <exception cref="InvalidDataException">The logits are not numbers: the weights are damaged.</exception>
    internal DrawnToken Draw(ReadOnlySpan<float> logits, SamplingOptions options, RandomStream random, uint position)
    {
        var (best, max) = Largest(logits);
        double logSum = Exponentials.LogSum(logits, max, _exponentials);
        if (!double.IsFinite(logSum))
        {
            throw new InvalidDataException($"The sum of the logits' exponentials is {Math.Exp(logSum)}, expected a finite number; the model's weights are damaged.");
        }

        int id = best;
        if (options.Temperature > 0)
        {
            id = DrawFromWeights(logits, max, options, random.Uniform(position));
        }

        return new DrawnToken(id, logits[id] - logSum);
    }

    private int DrawFromWeights(ReadOnlySpan<float> logits, float max, SamplingOptions options, double uniform)
    {
        if (options.Temperature != 1) // else the exponentials are already there
        {
            Exponentials.Fill(logits, max, (float)(1 / options.Temperature), _exponentials);
        }

        long sum = FillWeights(logits.Length);
        ulong lastKey = 0;
        if (options.TopK > 0 && options.TopK < logits.Length || options.TopP < 1)
        {
            lastKey = Filter(logits, options, ref sum);
        }

        // floor(u * sum), exactly: u has 53 bits
        ulong high = Math.BigMul((ulong)(uniform * (1L << 53)), (ulong)sum, out ulong low);
        long target = (long)((high << 11) | (low >> 53));
        return Walk(logits, lastKey, target);
    }

    /// <summary>Turns exponentials into weights and returns their sum.</summary>
    private long FillWeights(int count)
    {
        _exponentials.AsSpan(count, Width).Clear();
        ref float source = ref MemoryMarshal.GetArrayDataReference(_exponentials);
        ref long target = ref MemoryMarshal.GetArrayDataReference(_weights);
        var unit = Vector512.Create(WeightUnit);
        var magic = Vector512.Create(RoundingMagic);
        var sums = Vector512<long>.Zero;
        for (int index = 0; index < count; index += Width)
        {
            var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref source, (nuint)index));
            var lowWeights = ((low * unit) + magic).AsInt64() - magic.AsInt64();
            var highWeights = ((high * unit) + magic).AsInt64() - magic.AsInt64();
            lowWeights.StoreUnsafe(ref target, (nuint)index);
            highWeights.StoreUnsafe(ref target, (nuint)index + 8);
            sums += lowWeights + highWeights;
        }

        return Vector512.Sum(sums);
    }

    /// <summary>The key of the last token that passes the filters; the sum becomes that of the tokens that pass.</summary>
    private ulong Filter(ReadOnlySpan<float> logits, SamplingOptions options, ref long sum)
    {
        int count = 0;
        for (int id = 0; id < logits.Length; id++)
        {
            _keys[count] = LogitOrder.Key(logits[id], id);
            count += _weights[id] > 0 ? 1 : 0;
        }

        if (options.TopK > 0 && options.TopK < count)
        {
            count = LogitOrder.TakeFirst(_keys.AsSpan(0, count), _weights, options.TopK, long.MaxValue);
            sum = WeightOf(_keys.AsSpan(0, count));
        }

        if (options.TopP < 1)
        {
            long enough = Math.Max(1, (long)Math.Ceiling(options.TopP * sum));
            count = LogitOrder.TakeFirst(_keys.AsSpan(0, count), _weights, count, enough);
            sum = WeightOf(_keys.AsSpan(0, count));
        }

        ulong last = ulong.MaxValue;
        foreach (ulong key in _keys.AsSpan(0, count))
        {
            last = Math.Min(last, key);
        }

        return last;
    }

    private long WeightOf(ReadOnlySpan<ulong> keys)
    {
        long sum = 0;
        foreach (ulong key in keys)
        {
            sum += _weights[LogitOrder.IdOf(key)];
        }

        return sum;
    }

    private int Walk(ReadOnlySpan<float> logits, ulong lastKey, long target)
    {
        for (int id = 0; id < logits.Length; id++)
        {
            if (lastKey == 0 || LogitOrder.Key(logits[id], id) >= lastKey)
            {
                target -= _weights[id];
                if (target < 0)
                {
                    return id;
                }
            }
        }

        throw new InvalidOperationException($"{target} of the weights is left over, expected less than nothing."); // sum and walk disagree
    }

    private static (int Id, float Value) Largest(ReadOnlySpan<float> logits)
    {
        float max = Reduction.Max(logits);
        int id = logits.IndexOf(max);
        return (Math.Max(id, 0), max);
    }
}
