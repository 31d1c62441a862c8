using System.Numerics;

namespace ReSTEM.Arithmetic;

/// <summary>What a double is exactly: an odd number times a power of two.</summary>
internal static class Dyadic
{
    private const int FractionBits = 52;

    /// <summary>The two factors of a finite number other than 0.</summary>
    internal static (BigInteger Odd, int Exponent) Of(double x)
    {
        int exponent = Math.ILogB(x) - FractionBits;
        var whole = new BigInteger(Math.ScaleB(x, -exponent));
        int zeros = (int)BigInteger.TrailingZeroCount(whole);
        return (whole >> zeros, exponent + zeros);
    }
}
