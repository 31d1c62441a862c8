using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>A real number known to lie in (Middle +- Radius) * 2^Exponent: arithmetic whose error bounds are part of the result.</summary>
internal sealed class Ball
{
    internal static readonly Ball Zero = new(BigInteger.Zero, BigInteger.Zero, 0);
    internal static readonly Ball One = new(BigInteger.One, BigInteger.Zero, 0);

    /// <summary>Bits that the radius keeps.</summary>
    private const int RadiusBits = 30;

    internal Ball(BigInteger middle, BigInteger radius, long exponent)
    {
        Middle = middle;
        Radius = radius;
        Exponent = exponent;
    }

    internal BigInteger Middle { get; }

    internal BigInteger Radius { get; }

    internal long Exponent { get; }

    internal bool IsExactZero => Middle.IsZero && Radius.IsZero;

    internal bool ContainsZero => BigInteger.Abs(Middle) <= Radius;

    /// <summary>1 or -1 where the sign is certain or the number is exactly 0 (0); null where the ball holds 0 and more.</summary>
    internal int? Sign => !ContainsZero ? Middle.Sign : IsExactZero ? 0 : null;

    /// <summary>Every number of the ball is below 2^Top in absolute value.</summary>
    internal long Top => (BigInteger.Abs(Middle) + Radius).GetBitLength() + Exponent;

    /// <summary>2 to this power bounds the error.</summary>
    internal long RadiusTop => Radius.IsZero ? long.MinValue / 2 : Radius.GetBitLength() + Exponent;

    internal static Ball Of(Rational value, int precision) => value.IsInteger
        ? new Ball(value.Numerator, BigInteger.Zero, 0).Rounded(precision)
        : new Ball(value.Numerator, BigInteger.Zero, 0)
            .Over(new Ball(value.Denominator, BigInteger.Zero, 0), precision);

    internal Ball Negated() => new(-Middle, Radius, Exponent);

    internal Ball Plus(Ball other, int precision)
    {
        if (IsExactZero || other.IsExactZero)
        {
            return IsExactZero ? other : this;
        }

        long exponent = Math.Max(Math.Min(Exponent, other.Exponent), Math.Max(Top, other.Top) - precision - 20);
        var left = AtExponent(exponent);
        var right = other.AtExponent(exponent);
        return new Ball(left.Middle + right.Middle, left.Radius + right.Radius, exponent).Rounded(precision);
    }

    internal Ball Minus(Ball other, int precision) => Plus(other.Negated(), precision);

    internal Ball Times(Ball other, int precision)
    {
        var radius = (BigInteger.Abs(Middle) * other.Radius) + (BigInteger.Abs(other.Middle) * Radius) + (Radius * other.Radius);
        return new Ball(Middle * other.Middle, radius, Exponent + other.Exponent).Rounded(precision);
    }

    /// <exception cref="UndefinedException">The divisor is exactly 0.</exception>
    /// <exception cref="UndecidedException">The divisor may be 0.</exception>
    internal Ball Over(Ball other, int precision)
    {
        if (other.ContainsZero)
        {
            throw other.IsExactZero ? new UndefinedException("division by zero") : new UndecidedException();
        }

        var divisor = BigInteger.Abs(other.Middle);
        int shift = (int)Math.Max(0, precision + 8 + divisor.GetBitLength() - BigInteger.Abs(Middle).GetBitLength());
        var quotient = (Middle << shift) / other.Middle;
        var radius = (((Radius << shift) + (BigInteger.Abs(quotient) * other.Radius)) / (divisor - other.Radius)) + 2;
        bool exact = Radius.IsZero && other.Radius.IsZero && quotient * other.Middle == Middle << shift;
        return new Ball(quotient, exact ? BigInteger.Zero : radius, Exponent - other.Exponent - shift).Rounded(precision);
    }

    /// <summary>The square root of a number that is not negative; a ball that reaches below 0 is cut there.</summary>
    /// <exception cref="UndefinedException">The number is certainly negative.</exception>
    internal Ball SquareRoot(int precision)
    {
        if (Middle + Radius < 0)
        {
            throw new UndefinedException("square root of a negative number");
        }

        long shift = Math.Max(0, (2 * precision) + 8 - Middle.GetBitLength());
        shift += (Exponent - shift) & 1;
        var scaled = Middle << (int)shift;
        var error = Radius << (int)shift;
        long half = (Exponent - shift) / 2;
        if (Middle <= Radius)
        {
            return new Ball(BigInteger.Zero, IntegerRoot(scaled + error) + 1, half).Rounded(precision);
        }

        var root = IntegerRoot(scaled);
        bool exact = error.IsZero && root * root == scaled;
        var spread = error.IsZero ? BigInteger.Zero : (error / BigInteger.Max(1, IntegerRoot(scaled - error))) + 1;
        return new Ball(root, exact ? BigInteger.Zero : spread + 1, half).Rounded(precision);
    }

    /// <summary>The number times 2^power, exactly.</summary>
    internal Ball Shifted(long power) => new(Middle, Radius, Exponent + power);

    /// <summary>The middle as a fixed-point number with a count of fraction bits, cut towards minus infinity.</summary>
    internal BigInteger Fixed(long bits)
    {
        long shift = Exponent + bits;
        return shift >= 0 ? Middle << (int)shift : Middle >> (int)Math.Min(int.MaxValue, -shift);
    }

    internal double ToDouble()
    {
        long length = Middle.GetBitLength();
        int cut = (int)Math.Max(0, length - 60);
        return Math.ScaleB((double)(Middle >> cut), (int)Math.Clamp(Exponent + cut, -10_000, 10_000));
    }

    /// <summary>The whole part of the square root; 0 below 1.</summary>
    internal static BigInteger IntegerRoot(BigInteger value)
    {
        if (value.Sign <= 0)
        {
            return BigInteger.Zero;
        }

        // Newton's steps fall to the root from above it; from the root of the upper half of the digits it takes two of them.
        long bits = value.GetBitLength();
        int half = (int)(bits / 4);
        var root = bits > 1_000
            ? (IntegerRoot(value >> (2 * half)) + 1) << half
            : new BigInteger(Math.Sqrt((double)value) * (1 + 1e-15)) + 1;
        while (true)
        {
            var next = (root + (value / root)) >> 1;
            if (next >= root)
            {
                return root;
            }

            root = next;
        }
    }

    private Ball AtExponent(long exponent)
    {
        long shift = Exponent - exponent;
        if (shift >= 0)
        {
            return Middle.IsZero && Radius.IsZero ? this : new Ball(Middle << (int)shift, Radius << (int)shift, exponent);
        }

        int cut = (int)Math.Min(int.MaxValue, -shift);
        return new Ball(Middle >> cut, (Radius >> cut) + 2, exponent);
    }

    private Ball Rounded(int precision)
    {
        long cut = Math.Max(BigInteger.Abs(Middle).GetBitLength() - precision, Radius.GetBitLength() - RadiusBits);
        return cut <= 0 ? this : new Ball(Middle >> (int)cut, (Radius >> (int)cut) + 2, Exponent + cut);
    }
}
