using System.Runtime.CompilerServices;

namespace ReSTEM.Arithmetic;

/// <summary>An unevaluated sum of two doubles, of which High is the double nearest to the sum: a number of about 106 bits.</summary>
/// <remarks>
/// Dekker 1971, "A floating-point technique for extending the available precision". Each operation is an algorithm of Joldes, Muller and
/// Popescu 2017, "Tight and rigorous error bounds for basic building blocks of double-word arithmetic" (ACM TOMS 44, 15), named by its
/// number there; u is 2^-53, and the bound is on the relative error. All of it is made of operations that IEEE 754 rounds correctly.
/// </remarks>
internal readonly record struct DoubleDouble(double High, double Low)
{
    /// <summary>A double as it is.</summary>
    public static implicit operator DoubleDouble(double x) => new(x, 0);

    /// <summary>a + b, exact (Knuth; algorithm 2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble Sum(double a, double b)
    {
        double sum = a + b, rest = sum - a;
        return new DoubleDouble(sum, (a - (sum - rest)) + (b - rest));
    }

    /// <summary>a * b, exact unless it underflows (algorithm 3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble Product(double a, double b)
    {
        double product = a * b;
        return new DoubleDouble(product, Math.FusedMultiplyAdd(a, b, -product));
    }

    /// <summary>Algorithm 4, within 2u^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble operator +(DoubleDouble x, double y)
    {
        var (high, low) = Sum(x.High, y);
        return Normal(high, x.Low + low);
    }

    /// <summary>Algorithm 6, within 3u^2 even where the terms cancel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble operator +(DoubleDouble x, DoubleDouble y)
    {
        var (high, rest) = Sum(x.High, y.High);
        var (low, last) = Sum(x.Low, y.Low);
        (high, rest) = Normal(high, rest + low);
        return Normal(high, last + rest);
    }

    /// <summary>Exact.</summary>
    public static DoubleDouble operator -(DoubleDouble x) => new(-x.High, -x.Low);

    /// <summary>As the sum.</summary>
    public static DoubleDouble operator -(DoubleDouble x, DoubleDouble y) => x + -y;

    /// <summary>Algorithm 9, within 2u^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble operator *(DoubleDouble x, double y)
    {
        var (high, low) = Product(x.High, y);
        return Normal(high, Math.FusedMultiplyAdd(x.Low, y, low));
    }

    /// <summary>Algorithm 12, within 5u^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble operator *(DoubleDouble x, DoubleDouble y)
    {
        var (high, low) = Product(x.High, y.High);
        double cross = Math.FusedMultiplyAdd(x.High, y.Low, x.Low * y.Low);
        return Normal(high, low + Math.FusedMultiplyAdd(x.Low, y.High, cross));
    }

    /// <summary>Algorithm 17, within 16u^2.</summary>
    public static DoubleDouble operator /(DoubleDouble x, DoubleDouble y)
    {
        double quotient = x.High / y.High;
        DoubleDouble product = y * quotient;
        return Normal(quotient, ((x.High - product.High) + (x.Low - product.Low)) / y.High);
    }

    /// <summary>The sum of a number and a much smaller one, exact (Dekker; algorithm 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DoubleDouble Normal(double large, double small)
    {
        double sum = large + small;
        return new DoubleDouble(sum, small - (sum - large));
    }
}
