using System.Collections.Concurrent;
using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>pi and ln 2 as fixed-point integers, computed once per precision.</summary>
internal static class BallConstants
{
    private static readonly ConcurrentDictionary<int, BigInteger> PiByBits = new();
    private static readonly ConcurrentDictionary<int, BigInteger> Log2ByBits = new();

    /// <summary>pi * 2^bits, off by at most 1.</summary>
    /// <remarks>Machin: pi = 16 arctan(1/5) - 4 arctan(1/239).</remarks>
    internal static BigInteger Pi(int bits) => PiByBits.GetOrAdd(bits, static bits =>
    {
        int guarded = bits + 16;
        return ((16 * InverseSeries(5, guarded, -1)) - (4 * InverseSeries(239, guarded, -1))) >> 16;
    });

    /// <summary>ln(2) * 2^bits, off by at most 1.</summary>
    /// <remarks>ln 2 = 2 artanh(1/3).</remarks>
    internal static BigInteger Log2(int bits) => Log2ByBits.GetOrAdd(bits, static bits =>
        (2 * InverseSeries(3, bits + 16, 1)) >> 16);

    /// <summary>Sum over k of sign^k / ((2k + 1) n^(2k + 1)): artanh(1/n) for 1, arctan(1/n) for -1.</summary>
    private static BigInteger InverseSeries(int n, int bits, int sign)
    {
        var power = (BigInteger.One << bits) / n;
        var sum = BigInteger.Zero;
        for (int k = 0; !power.IsZero; k++)
        {
            var term = power / ((2 * k) + 1);
            sum += sign < 0 && k % 2 == 1 ? -term : term;
            power /= n * n;
        }

        return sum;
    }
}
