namespace ReSTEM.Arithmetic;

/// <summary>The natural logarithm.</summary>
internal static class Logarithm
{
    /// <summary>log 2, to 107 bits.</summary>
    internal static readonly DoubleDouble OfTwo = new(0.6931471805599453, 2.3190468138462996e-17);

    private const double RootOfTwo = 1.4142135623730951;
    private static readonly PowerSeries Series = new(22, 11, power => (DoubleDouble)1 / ((2 * power) + 1));

    /// <summary>log x for x &gt; 0 and finite, within 2^-99.</summary>
    /// <remarks>
    /// <c>x = 2^e m</c> with m between the roots of 1/2 and 2, and <c>log m = 2 artanh s</c> with <c>s = (m - 1) / (m + 1)</c>
    /// (Abramowitz and Stegun 1964, 4.1.27), where |s| is at most 0.172.
    /// </remarks>
    internal static DoubleDouble Of(double x)
    {
        int exponent = Math.ILogB(x);
        double mantissa = Math.ScaleB(x, -exponent);
        if (mantissa > RootOfTwo)
        {
            (mantissa, exponent) = (mantissa / 2, exponent + 1);
        }

        DoubleDouble s = (DoubleDouble)(mantissa - 1) / DoubleDouble.Sum(mantissa, 1);
        DoubleDouble logOfMantissa = s * 2 * Series.At(s * s);
        return exponent == 0 ? logOfMantissa : (OfTwo * exponent) + logOfMantissa;
    }
}
