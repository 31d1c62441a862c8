using System.Globalization;
using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>An exact fraction in lowest terms with a positive denominator.</summary>
internal readonly struct Rational : IEquatable<Rational>, IComparable<Rational>
{
    internal static readonly Rational Zero = new(BigInteger.Zero, BigInteger.One, 0);
    internal static readonly Rational One = new(BigInteger.One, BigInteger.One, 0);
    internal static readonly Rational MinusOne = new(BigInteger.MinusOne, BigInteger.One, 0);

    private const int MaxDecimalBits = 2048;

    private readonly BigInteger _denominator;

    private Rational(BigInteger numerator, BigInteger denominator, int _)
    {
        Numerator = numerator;
        _denominator = denominator;
    }

    internal Rational(BigInteger value)
        : this(value, BigInteger.One, 0)
    {
    }

    /// <exception cref="DivideByZeroException">The denominator is 0.</exception>
    internal Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
        {
            throw new DivideByZeroException("denominator is 0, expected another number.");
        }

        if (!denominator.IsOne)
        {
            var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
            if (!divisor.IsOne)
            {
                numerator /= divisor;
                denominator /= divisor;
            }

            if (denominator.Sign < 0)
            {
                numerator = -numerator;
                denominator = -denominator;
            }
        }

        Numerator = numerator;
        _denominator = denominator;
    }

    internal BigInteger Numerator { get; }

    internal BigInteger Denominator => _denominator.IsZero ? BigInteger.One : _denominator;

    internal bool IsZero => Numerator.IsZero;

    internal bool IsOne => Numerator.IsOne && Denominator.IsOne;

    internal bool IsInteger => Denominator.IsOne;

    internal int Sign => Numerator.Sign;

    internal Rational Absolute => Sign < 0 ? -this : this;

    internal Rational Inverse => new(Denominator, Numerator);

    /// <summary>Bits that numerator and denominator take together: the size that bounds the work on this number.</summary>
    internal long BitCount => Numerator.GetBitLength() + Denominator.GetBitLength();

    public static implicit operator Rational(int value) => new(value);

    public static Rational operator -(Rational value) => new(-value.Numerator, value.Denominator, 0);

    public static Rational operator +(Rational left, Rational right) =>
        left.IsInteger && right.IsInteger
            ? new Rational(left.Numerator + right.Numerator)
            : new Rational(
                (left.Numerator * right.Denominator) + (right.Numerator * left.Denominator),
                left.Denominator * right.Denominator);

    public static Rational operator -(Rational left, Rational right) => left + -right;

    public static Rational operator *(Rational left, Rational right) =>
        left.IsInteger && right.IsInteger
            ? new Rational(left.Numerator * right.Numerator)
            : new Rational(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    public static Rational operator /(Rational left, Rational right) =>
        new(left.Numerator * right.Denominator, left.Denominator * right.Numerator);

    public static bool operator ==(Rational left, Rational right) => left.Equals(right);

    public static bool operator !=(Rational left, Rational right) => !left.Equals(right);

    public static bool operator <(Rational left, Rational right) => left.CompareTo(right) < 0;

    public static bool operator >(Rational left, Rational right) => left.CompareTo(right) > 0;

    public static bool operator <=(Rational left, Rational right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Rational left, Rational right) => left.CompareTo(right) >= 0;

    /// <summary>This number to a whole power; the caller has bounded the size of the result.</summary>
    internal Rational Power(int exponent)
    {
        var power = new Rational(
            BigInteger.Pow(Numerator, Math.Abs(exponent)), BigInteger.Pow(Denominator, Math.Abs(exponent)), 0);
        return exponent < 0 ? power.Inverse : power;
    }

    /// <summary>The largest whole number that is not above this one.</summary>
    internal BigInteger Floor()
    {
        var quotient = BigInteger.DivRem(Numerator, Denominator, out var remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }

    internal BigInteger Ceiling() => -(-this).Floor();

    public bool Equals(Rational other) => Numerator == other.Numerator && Denominator == other.Denominator;

    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Numerator, Denominator);

    public int CompareTo(Rational other) =>
        (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public override string ToString() => IsInteger ? Text(Numerator) : $"{Text(Numerator)}/{Text(Denominator)}";

    /// <summary>Decimal digits, or hexadecimal ones where decimal conversion would take too long.</summary>
    private static string Text(BigInteger value) => value.GetBitLength() <= MaxDecimalBits
        ? value.ToString(CultureInfo.InvariantCulture)
        : $"0x{value.ToString("x", CultureInfo.InvariantCulture)}";
}
