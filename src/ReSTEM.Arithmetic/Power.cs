using System.Numerics;

namespace ReSTEM.Arithmetic;

/// <summary>Powers of positive numbers, rounded once, ties to even.</summary>
internal static class Power
{
    // Logarithms of what is certainly too large or too small for a double.
    private const double Overflow = 710, Underflow = -746;
    private const int MantissaBits = 53, LeastExponent = -1074;
    private const int FractionBits = 120;

    // Far more than the error of a power before it is rounded, 2^-89, and far less than half a unit of its last place.
    private static readonly Int128 Doubt = Int128.One << 40;

    private static readonly PowerSeries ExpSeries = new(24, 15, PowerSeries.InverseFactorial);

    /// <summary>x^y for x positive and finite, y finite and not 0.</summary>
    internal static double Of(double x, double y)
    {
        DoubleDouble log = Logarithm.Of(x);
        double size = log.High * y;
        if (size is > Overflow or < Underflow)
        {
            return size > 0 ? double.PositiveInfinity : 0;
        }

        var (mantissa, exponent) = Exp(log * y);
        return Rounded(mantissa, exponent, (middle, power) => IsExactly(x, y, middle, power));
    }

    /// <summary>e^x as a mantissa between the roots of 1/2 and 2, within 2^-100, times 2^exponent; |x| is at most 746, and counts as exact to 2^-97.</summary>
    internal static (DoubleDouble Mantissa, int Exponent) Exp(DoubleDouble x)
    {
        double exponent = Math.Round(x.High / Logarithm.OfTwo.High);
        return (ExpSeries.At(x - (Logarithm.OfTwo * exponent)), (int)exponent);
    }

    // In whole numbers, since a sum of doubles would be rounded a second time where the result is subnormal.
    private static double Rounded(DoubleDouble mantissa, int exponent, Func<Int128, int, bool> isExactly)
    {
        Int128 bits = (Int128)Math.ScaleB(mantissa.High, FractionBits) + (Int128)Math.ScaleB(mantissa.Low, FractionBits);
        exponent -= FractionBits;
        int length = mantissa.High < 1 ? FractionBits : FractionBits + 1;
        int dropped = Math.Max(length - MantissaBits, LeastExponent - exponent);
        Int128 kept = bits >> dropped;
        Int128 beyondHalf = bits - (((2 * kept) + 1) << (dropped - 1));
        bool isTie = Int128.Abs(beyondHalf) < Doubt && isExactly((2 * kept) + 1, exponent + dropped - 1);
        bool goesUp = isTie ? Int128.IsOddInteger(kept) : beyondHalf > 0;
        return Math.ScaleB((double)(kept + (goesUp ? 1 : 0)), exponent + dropped);
    }

    /// <summary>Whether <c>x^y = middle * 2^power</c>, for an odd middle of at most 54 bits and an x that is no power of two.</summary>
    /// <remarks>
    /// Lauter and Lefevre 2009, "An efficient rounding boundary test for pow(x, y) in double precision": with x = n 2^e for an odd n
    /// and y = k / 2^f in lowest terms, both sides to the power 2^f are products of an odd number and a power of two. So n is
    /// a power 2^f of another number, and f at most 5; and n^(k / 2^f) has at most 54 bits, so that k / 2^f is at most 35. Of powers of two
    /// only 2^-1075 is in the middle, of 0 and the least double; there are few ways to it, and each rounds to 0 without this (by test).
    /// </remarks>
    private static bool IsExactly(double x, double y, Int128 middle, int power)
    {
        var (n, e) = Dyadic.Of(x);
        var (k, f) = Dyadic.Of(y);
        (k, f) = f > 0 ? (k << f, 0) : (k, -f);
        return f <= 5 && y is > 0 and <= 35
            && e * k == (BigInteger)power << f && BigInteger.Pow(n, (int)k) == BigInteger.Pow(middle, 1 << f);
    }
}
