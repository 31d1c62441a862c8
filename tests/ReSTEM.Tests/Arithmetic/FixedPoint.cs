using System.Numerics;

namespace ReSTEM.Tests;

/// <summary>
/// Elementary functions in whole numbers that count units of 2^-500: slow, plain, and by other formulas than the product's.
/// </summary>
internal static class FixedPoint
{
    internal const int Bits = 500;
    private const int PiBits = Bits + 1100; // as many more as the largest double has before the point
    private const int Guard = 64;
    private static readonly BigInteger One = BigInteger.One << Bits;

    /// <summary>Gauss: pi = 48 arctan(1/18) + 32 arctan(1/57) - 20 arctan(1/239).</summary>
    internal static BigInteger Pi { get; } =
        (48 * ArcTangent(18, -1, PiBits)) + (32 * ArcTangent(57, -1, PiBits)) - (20 * ArcTangent(239, -1, PiBits));

    /// <summary>log 2 = 18 artanh(1/26) - 2 artanh(1/4801) + 8 artanh(1/8749).</summary>
    internal static BigInteger LogOfTwo { get; } =
        (18 * ArcTangent(26, 1, Bits)) - (2 * ArcTangent(4801, 1, Bits)) + (8 * ArcTangent(8749, 1, Bits));

    internal static (BigInteger Sin, BigInteger Cos) SinCos(double x)
    {
        var (whole, exponent) = Parts(x);
        BigInteger angle = Shift(whole, exponent + PiBits) % (2 * Pi);

        // By sin 2a = 2 sin a cos a and cos 2a = 1 - 2 sin^2 a from a 32nd of the angle.
        const int Doublings = 5;
        BigInteger small = angle >> (PiBits - Bits + Doublings);
        BigInteger sin = 0, cos = 0, term = One;
        for (int k = 0; !term.IsZero; k++)
        {
            BigInteger signed = k % 4 < 2 ? term : -term;
            (sin, cos) = k % 2 == 0 ? (sin, cos + signed) : (sin + signed, cos);
            term = ((term * small) >> Bits) / (k + 1);
        }

        for (int k = 0; k < Doublings; k++)
        {
            (sin, cos) = ((2 * sin * cos) >> Bits, One - ((2 * sin * sin) >> Bits));
        }

        return (sin, cos);
    }

    /// <summary>x^y for x positive, times 2^-doublings.</summary>
    internal static (BigInteger Power, int Doublings) Pow(double x, double y)
    {
        var (whole, exponent) = Parts(y);
        return Exp(Shift(Log(x) * whole, exponent));
    }

    /// <summary>Units of a double, cut off.</summary>
    internal static BigInteger Of(double x)
    {
        var (whole, exponent) = Parts(x);
        return Shift(whole, exponent + Bits);
    }

    /// <summary>The double nearest to a number of units.</summary>
    internal static double Nearest(BigInteger units) => Nearest(units, -Bits);

    /// <summary>The double nearest to <c>whole * 2^exponent</c>; of two, the even one.</summary>
    internal static double Nearest(BigInteger whole, int exponent)
    {
        BigInteger size = BigInteger.Abs(whole);
        int dropped = Math.Max((int)size.GetBitLength() - 53, -1074 - exponent);
        if (dropped > 0)
        {
            BigInteger half = BigInteger.One << (dropped - 1), kept = size >> dropped, rest = size - (kept << dropped);
            size = kept + (rest > half || (rest == half && !kept.IsEven) ? 1 : 0);
            exponent += dropped;
        }

        return whole.Sign * Math.ScaleB((double)size, exponent);
    }

    /// <summary>A double as a whole number times a power of two.</summary>
    internal static (BigInteger Whole, int Exponent) Parts(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(Math.Abs(x)), fraction = bits & ((1L << 52) - 1);
        int exponent = (int)(bits >> 52);
        return (Math.Sign(x) * (exponent == 0 ? fraction : fraction | (1L << 52)), Math.Max(exponent, 1) - 1075);
    }

    /// <summary>By Halley's rule on the exponential: y + 2 (m - e^y) / (m + e^y) has three times as many right digits as y.</summary>
    internal static BigInteger Log(double x)
    {
        var (whole, exponent) = Parts(x);
        int length = (int)whole.GetBitLength();
        BigInteger mantissa = whole << (Bits - length);
        BigInteger log = Shift((BigInteger)(Math.Log((double)whole / Math.ScaleB(1, length)) * (1L << 60)), Bits - 60);
        for (int right = 45; right < Bits; right *= 3)
        {
            var (power, doublings) = Exp(log);
            BigInteger exponential = Shift(power, doublings);
            log += ((2 * (mantissa - exponential)) << Bits) / (mantissa + exponential);
        }

        return log + ((length + exponent) * LogOfTwo);
    }

    // e^x as power * 2^doublings, from the series at a 256th of what is left of x.
    private static (BigInteger Power, int Doublings) Exp(BigInteger x)
    {
        const int Squarings = 8;
        BigInteger doublings = x / LogOfTwo;
        BigInteger small = (x - (doublings * LogOfTwo)) << (Guard - Squarings);
        BigInteger sum = 0, term = One << Guard;
        for (int k = 1; !term.IsZero; k++)
        {
            sum += term;
            term = ((term * small) >> (Bits + Guard)) / k;
        }

        for (int k = 0; k < Squarings; k++)
        {
            sum = (sum * sum) >> (Bits + Guard);
        }

        return (sum >> Guard, (int)doublings);
    }

    private static BigInteger Shift(BigInteger x, int places) => places >= 0 ? x << places : x >> -places;

    // arctan(1/n) for sign -1, artanh(1/n) for sign 1.
    private static BigInteger ArcTangent(int n, int sign, int bits)
    {
        BigInteger power = (BigInteger.One << (bits + Guard)) / n, sum = power;
        for (int k = 3; !power.IsZero; k += 2)
        {
            power = power / n / n * sign;
            sum += power / k;
        }

        return sum >> Guard;
    }
}
