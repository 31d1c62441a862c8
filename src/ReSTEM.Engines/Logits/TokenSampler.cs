using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ReSTEM.Core;
using ReSTEM.Numerics;

namespace ReSTEM.Engines;

/// <summary>A drawn token.</summary>
/// <param name="Id">Token id.</param>
/// <param name="LogProbability">Its log-probability without temperature and filters, in nats.</param>
public readonly record struct DrawnToken(int Id, double LogProbability);

/// <summary>Draws tokens from rows of logits. For one thread.</summary>
/// <remarks>
/// Temperature is applied first, then top-k, then top-p on what top-k left (Holtzman et al. 2020, arXiv:1904.09751, section 3.1).
/// Weights are e^((logit - max) / T) as whole multiples of 2^-40, so that sums are exact and no order of summation matters;
/// the token is the first in order of ids at which the running sum of weights exceeds u times the whole sum.
/// </remarks>
public sealed class TokenSampler(int vocabularySize)
{
    /// <summary>Weight of the largest logit.</summary>
    public const double WeightUnit = 1L << 40;

    private const int Width = 16;
    private const int GroupLength = 256;
    private const double RoundingMagic = 1L << 52; // adding it leaves the nearest whole number in the low bits

    private readonly float[] _exponentials = new float[vocabularySize + Width];
    private readonly long[] _weights = new long[vocabularySize + Width];
    private readonly long[] _groupSums = new long[(vocabularySize / GroupLength) + 1];
    private readonly TokenFilter _filter = new(vocabularySize);

    /// <summary>Draws one token.</summary>
    /// <param name="logits">[V]; minus infinity is never drawn.</param>
    /// <param name="options">Temperature and filters.</param>
    /// <param name="random">Where u comes from.</param>
    /// <param name="position">Position of u in the stream.</param>
    /// <exception cref="InvalidDataException">The logits are not numbers: the weights are damaged.</exception>
    public DrawnToken Draw(ReadOnlySpan<float> logits, SamplingOptions options, RandomStream random, uint position)
    {
        float max = Reduction.Max(logits);
        double logSum = Exponentials.LogSum(logits, max, _exponentials);
        if (!double.IsFinite(logSum))
        {
            throw new InvalidDataException(
                $"The logarithm of the sum of the logits' exponentials is {logSum}, expected a finite number; the model's weights are damaged.");
        }

        int id = options.Temperature == 0
            ? logits.IndexOf(max)
            : DrawFromWeights(logits, max, options, random.Uniform(position));
        return new DrawnToken(id, logits[id] - logSum);
    }

    private int DrawFromWeights(ReadOnlySpan<float> logits, float max, SamplingOptions options, double uniform)
    {
        if (options.Temperature != 1) // else the exponentials are already there
        {
            Exponentials.Fill(logits, max, (float)(1 / options.Temperature), _exponentials);
        }

        long sum = FillWeights(logits.Length);
        if ((options.TopK == 0 || options.TopK >= logits.Length) && options.TopP == 1)
        {
            return Walk(logits.Length, Share(uniform, sum));
        }

        ReadOnlySpan<int> passing = _filter.Passing(logits, max, _weights, WeightUnit, ref sum, options);
        return Walk(passing, Share(uniform, sum));
    }

    /// <summary>floor(u * sum), exactly: u has 53 bits.</summary>
    /// <param name="uniform">u, in [0, 1).</param>
    /// <param name="sum">A sum of weights.</param>
    public static long Share(double uniform, long sum)
    {
        ulong high = Math.BigMul((ulong)(uniform * (1L << 53)), (ulong)sum, out ulong low);
        return (long)((high << 11) | (low >> 53));
    }

    /// <summary>Turns exponentials into weights, sums them in groups, and returns the whole sum.</summary>
    private long FillWeights(int count)
    {
        _exponentials.AsSpan(count, Width).Clear();
        long sum = 0;
        for (int start = 0; start < count; start += GroupLength)
        {
            long groupSum = FillWeights(start, Math.Min(count, start + GroupLength));
            _groupSums[start / GroupLength] = groupSum;
            sum += groupSum;
        }

        return sum;
    }

    private long FillWeights(int start, int end)
    {
        ref float source = ref MemoryMarshal.GetArrayDataReference(_exponentials);
        ref long target = ref MemoryMarshal.GetArrayDataReference(_weights);
        var unit = Vector512.Create(WeightUnit);
        var magic = Vector512.Create(RoundingMagic);
        var sums = Vector512<long>.Zero;
        for (int index = start; index < end; index += Width)
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

    private int Walk(int count, long target)
    {
        int group = 0;
        for (; target >= _groupSums[group]; group++)
        {
            target -= _groupSums[group];
        }

        int id = group * GroupLength;
        for (; id < count && target >= _weights[id]; id++)
        {
            target -= _weights[id];
        }

        return id;
    }

    private int Walk(ReadOnlySpan<int> ids, long target)
    {
        int place = 0;
        for (; target >= _weights[ids[place]]; place++)
        {
            target -= _weights[ids[place]];
        }

        return ids[place];
    }
}
