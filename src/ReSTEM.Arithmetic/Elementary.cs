namespace ReSTEM.Arithmetic;

/// <summary>
/// Elementary functions whose bits are the same on every machine, because nothing here is left to a library of the system: whatever
/// decides the bits of a run takes them from here and not from <see cref="Math"/>.
/// </summary>
/// <remarks>
/// They are made of operations that IEEE 754 rounds correctly, in about 100 bits, and rounded once. So a result is the double nearest to
/// the true value, except where that is closer to the middle between two doubles than 2^-36 of their distance: then it may be the
/// other one of the two. Results that lie exactly in the middle go to the even double. A call takes some hundred nanoseconds.
/// </remarks>
public static class Elementary
{
    // Below it, sin x and x, and cos x and 1, differ by less than half of the distance to the next double.
    private const double TinyAngle = 1.0 / (1 << 27);

    /// <summary>The natural logarithm; minus infinity for 0, not a number for negative ones.</summary>
    public static double Log(double x) => x switch
    {
        0 => double.NegativeInfinity,
        < 0 => double.NaN,
        _ => double.IsFinite(x) ? Logarithm.Of(x).High : x,
    };

    /// <summary>Sine and cosine of an angle in radians, of any size; not a number for infinite ones.</summary>
    public static (double Sin, double Cos) SinCos(double x)
    {
        if (Math.Abs(x) < TinyAngle)
        {
            return (x, 1);
        }

        if (!double.IsFinite(x))
        {
            return (double.NaN, double.NaN);
        }

        var (quarters, left) = QuarterTurns.Of(x);
        double sin = Circle.Sin(left).High, cos = Circle.Cos(left).High;
        return quarters switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }

    /// <summary>x to the power of y, with the special values of IEEE 754-2019, section 9.2.1.</summary>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1)
        {
            return 1;
        }

        if (double.IsNaN(x) || double.IsNaN(y))
        {
            return double.NaN;
        }

        double size = Math.Abs(x);
        if (double.IsInfinity(y))
        {
            return size == 1 ? 1 : size > 1 == y > 0 ? double.PositiveInfinity : 0;
        }

        double sign = double.IsNegative(x) && double.IsOddInteger(y) ? -1 : 1;
        return size == 0 || double.IsInfinity(size) ? sign * (size == 0 == y < 0 ? double.PositiveInfinity : 0)
            : x < 0 && !double.IsInteger(y) ? double.NaN
            : sign * Power.Of(size, y);
    }
}
