using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>Elementary functions of balls: fixed-point series at the middle, plus the slope times the radius.</summary>
internal static class BallFunctions
{
    /// <summary>Largest power of two an argument of exp, sin or cos may reach.</summary>
    private const int MaxArgumentTop = 40;

    /// <summary>Fraction bits beyond the precision, which absorb all rounding inside a series.</summary>
    private const int Guard = 40;

    /// <summary>Precision from which the arguments of a series are made smaller, since its terms are long and many then.</summary>
    private const int ManyBits = 640;

    internal static Ball Pi(int precision) => new(BallConstants.Pi(precision + 8), BigInteger.One, -precision - 8);

    internal static Ball Exp(Ball x, int precision)
    {
        CheckSize(x);
        int bits = precision + Guard;
        var scaled = x.Fixed(bits + 64);
        var log2 = BallConstants.Log2(bits + 64);
        var turns = FloorDivide(scaled, log2);
        var rest = (scaled - (turns * log2)) >> 64; // 0 <= rest < ln 2

        // exp(rest) = exp(rest / 2^h)^(2^h)
        int halvings = precision < ManyBits ? 8 : 16;
        var small = rest >> halvings;
        var sum = BigInteger.One << bits;
        var term = sum;
        for (int k = 1; !term.IsZero; k++)
        {
            term = (term * small >> bits) / k;
            sum += term;
        }

        for (int k = 0; k < halvings; k++)
        {
            sum = sum * sum >> bits;
        }

        // Each halving doubles the error of at most one unit a term.
        var value = new Ball(sum, BigInteger.One << (halvings + 16), (long)turns - bits);
        return Spread(value, x, value.Top + 1, precision);
    }

    /// <summary>The natural logarithm of a certainly positive number.</summary>
    /// <exception cref="UndecidedException">The ball reaches 0.</exception>
    internal static Ball Log(Ball x, int precision)
    {
        if (x.ContainsZero)
        {
            throw new UndecidedException();
        }

        int bits = precision + Guard;
        long length = x.Middle.GetBitLength();
        var mantissa = length <= bits ? x.Middle << (int)(bits - length) : x.Middle >> (int)(length - bits);

        // Ten square roots bring the mantissa, in [1/2, 1), to 1 within 2^-10; ln m = 2^10 * 2 artanh((r - 1)/(r + 1)).
        const int Roots = 10;
        int wide = bits + Roots + 8;
        var root = mantissa << (wide - bits);
        for (int k = 0; k < Roots; k++)
        {
            root = Ball.IntegerRoot(root << wide);
        }

        var one = BigInteger.One << wide;
        var ratio = ((root - one) << wide) / (root + one);
        var square = ratio * ratio >> wide;
        var sum = BigInteger.Zero;
        for (int k = 1; !ratio.IsZero && k < 4 * wide; k += 2)
        {
            sum += ratio / k;
            ratio = ratio * square >> wide;
            if (ratio == BigInteger.MinusOne)
            {
                break;
            }
        }

        var value = new Ball(sum << (Roots + 1), BigInteger.One << (Roots + 20), -wide);
        var exponent = new Ball((length + x.Exponent) * BallConstants.Log2(bits + 64), BigInteger.Abs(length + x.Exponent) + 1, -bits - 64);
        var total = value.Plus(exponent, precision + 16);

        // The slope is 1/x, at most 1/(middle - radius).
        var slope = Ball.One.Over(new Ball(x.Middle - x.Radius, BigInteger.Zero, x.Exponent), 32);
        return Spread(total, x, slope.Top, precision);
    }

    internal static (Ball Sine, Ball Cosine) SinCos(Ball x, int precision)
    {
        CheckSize(x);
        int bits = precision + Guard;
        var scaled = x.Fixed(bits + 64);
        var quarter = BallConstants.Pi(bits + 64) >> 1;
        var turns = FloorDivide(scaled + (quarter >> 1), quarter);
        var rest = (scaled - (turns * quarter)) >> 64;
        int halvings = precision < ManyBits ? 0 : 8;
        rest >>= halvings;
        var sine = Series(rest, bits, rest, 1);
        var cosine = Series(rest, bits, BigInteger.One << bits, 0);
        for (int k = 0; k < halvings; k++)
        {
            (sine, cosine) = (sine * cosine >> (bits - 1), ((cosine * cosine) - (sine * sine)) >> bits);
        }

        int turn = (int)(turns & 3);
        var (s, c) = turn switch
        {
            0 => (sine, cosine),
            1 => (cosine, -sine),
            2 => (-sine, -cosine),
            _ => (-cosine, sine),
        };
        var error = BigInteger.One << (12 + (2 * halvings)); // each doubling of the angle doubles the errors, and adds its own
        return (Spread(new Ball(s, error, -bits), x, 0, precision), Spread(new Ball(c, error, -bits), x, 0, precision));
    }

    internal static Ball Atan(Ball x, int precision)
    {
        int bits = precision + Guard;
        bool inverted = x.Top > 0;
        var middle = new Ball(x.Middle, BigInteger.Zero, x.Exponent);
        var t = inverted && !middle.IsExactZero ? Ball.One.Over(middle, bits) : middle;
        int halvings = precision < ManyBits ? 3 : 8;
        for (int k = 0; k < halvings; k++)
        {
            // atan t = 2 atan(t / (1 + sqrt(1 + t^2)))
            t = t.Over(Ball.One.Plus(Ball.One.Plus(t.Times(t, bits), bits).SquareRoot(bits), bits), bits);
        }

        var argument = t.Fixed(bits);
        var square = argument * argument >> bits;
        var power = argument;
        var sum = BigInteger.Zero;
        for (int k = 1; !power.IsZero && power != BigInteger.MinusOne; k += 2)
        {
            sum += k % 4 == 1 ? power / k : -(power / k);
            power = power * square >> bits;
        }

        var value = new Ball(sum << halvings, BigInteger.One << (17 + halvings), -bits);
        if (inverted)
        {
            var right = Pi(bits).Shifted(-1);
            value = (middle.Middle.Sign < 0 ? right.Negated() : right).Minus(value, bits);
        }

        return Spread(value, x, 0, precision);
    }

    private static BigInteger Series(BigInteger argument, int bits, BigInteger first, int degree)
    {
        var square = argument * argument >> bits;
        var term = first;
        var sum = BigInteger.Zero;
        for (int k = degree; !term.IsZero && term != BigInteger.MinusOne; k += 2)
        {
            sum += term;
            term = -(term * square >> bits) / ((k + 1) * (k + 2));
        }

        return sum;
    }

    /// <summary>Adds radius(x) * 2^slopeTop, a bound on what the argument's error does to the value.</summary>
    private static Ball Spread(Ball value, Ball x, long slopeTop, int precision) => x.Radius.IsZero
        ? value.Plus(Ball.Zero, precision)
        : value.Plus(new Ball(BigInteger.Zero, x.Radius + 1, x.Exponent + slopeTop + 1), precision);

    private static void CheckSize(Ball x)
    {
        if (x.Top > MaxArgumentTop)
        {
            throw new LimitExceededException("evaluation-limit", "an exponent or angle is too large to evaluate");
        }

        if (x.RadiusTop > -1)
        {
            throw new UndecidedException();
        }
    }

    private static BigInteger FloorDivide(BigInteger left, BigInteger right)
    {
        var quotient = BigInteger.DivRem(left, right, out var remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }
}
