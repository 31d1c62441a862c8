using System.Numerics;

namespace ReSTEM.Arithmetic;

/// <summary>Takes quarters of a turn off an angle.</summary>
internal static class QuarterTurns
{
    // Angles below it have fewer quarters than 2^30, so that these times a part of pi / 2 are exact in two doubles.
    private const double LargeAngle = 1 << 30;

    // Enough for the largest double, below 2^1024, and 110 bits of the smallest remainder, above 2^-62.
    private const int FractionBits = 1200;
    private const int RestBits = 300;

    /// <summary>pi / 2 in four parts, to 215 bits.</summary>
    internal static readonly double[] QuarterTurn =
        [1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33, 5.562271104316826e-50];

    /// <summary>The number of quarters modulo 4, and what is left: at most an eighth of a turn, but for rounding, and within 2^-103 of itself.</summary>
    /// <param name="x">Radians, finite.</param>
    internal static (int Quarters, DoubleDouble Left) Of(double x) => Math.Abs(x) < LargeAngle ? OfUsual(x) : OfLarge(x);

    // Cody and Waite 1980, "Software manual for the elementary functions", chapter 8, with parts of full length whose products are
    // kept exactly. No double is closer to a multiple of pi / 2 than 2^-62 (Muller 2016, "Elementary functions", section 11.3).
    private static (int Quarters, DoubleDouble Left) OfUsual(double x)
    {
        double count = Math.Round(x / QuarterTurn[0]);
        DoubleDouble left = x;
        foreach (double part in QuarterTurn)
        {
            left -= DoubleDouble.Product(count, part);
        }

        return ((int)count & 3, left);
    }

    // Payne and Hanek 1983, in whole numbers of any length instead of selected bits.
    private static (int Quarters, DoubleDouble Left) OfLarge(double x)
    {
        BigInteger quarter = Pi(FractionBits) / 2;
        var (odd, exponent) = Dyadic.Of(x);
        BigInteger angle = odd << (FractionBits + exponent);
        BigInteger count = ((2 * angle) + (angle.Sign * quarter)) / (2 * quarter);
        BigInteger left = (angle - (count * quarter)) >> (FractionBits - RestBits);
        double high = (double)left;
        var sum = DoubleDouble.Sum(high, (double)(left - new BigInteger(high)));
        return ((int)(count & 3), new DoubleDouble(Math.ScaleB(sum.High, -RestBits), Math.ScaleB(sum.Low, -RestBits)));
    }

    // Machin 1706: pi = 16 arctan(1/5) - 4 arctan(1/239).
    private static BigInteger Pi(int bits)
    {
        const int Guard = 16;
        return ((16 * InverseArcTangent(5)) - (4 * InverseArcTangent(239))) >> Guard;

        BigInteger InverseArcTangent(int n)
        {
            BigInteger power = (BigInteger.One << (bits + Guard)) / n, sum = power;
            for (int k = 3; !power.IsZero; k += 2)
            {
                power /= -n * n;
                sum += power / k;
            }

            return sum;
        }
    }
}
