using System.Globalization;

namespace ReSTEM.Answers;

/// <summary>A small exact fraction used as the exponent of an atom, in lowest terms with a positive denominator.</summary>
internal readonly record struct Exponent
{
    internal static readonly Exponent One = new(1, 1);

    private readonly long _denominatorLessOne; // so that the default value is 0

    internal Exponent(long numerator, long denominator)
    {
        long divisor = Gcd(Math.Abs(numerator), denominator);
        Numerator = numerator / divisor;
        _denominatorLessOne = (denominator / divisor) - 1;
    }

    internal long Numerator { get; }

    internal long Denominator => _denominatorLessOne + 1;

    internal bool IsZero => Numerator == 0;

    internal bool IsInteger => Denominator == 1;

    /// <summary>The largest whole number that is not above this exponent.</summary>
    internal long Floor => (long)Math.Floor((double)Numerator / Denominator);

    /// <exception cref="LimitExceededException">The fraction does not fit.</exception>
    internal static Exponent Of(Rational value)
    {
        if (value.BitCount > 50)
        {
            throw new LimitExceededException("exponent-limit", $"exponent {value} is too large");
        }

        return new Exponent((long)value.Numerator, (long)value.Denominator);
    }

    internal Rational ToRational() => new(Numerator, Denominator);

    public static Exponent operator +(Exponent left, Exponent right) => left.IsInteger && right.IsInteger
        ? Checked((Int128)left.Numerator + right.Numerator, 1)
        : Checked(
            ((Int128)left.Numerator * right.Denominator) + ((Int128)right.Numerator * left.Denominator),
            (Int128)left.Denominator * right.Denominator);

    public static Exponent operator *(Exponent left, Exponent right) =>
        Checked((Int128)left.Numerator * right.Numerator, (Int128)left.Denominator * right.Denominator);

    public static Exponent operator -(Exponent value) => new(-value.Numerator, value.Denominator);

    public override string ToString() => IsInteger
        ? Numerator.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"({Numerator}/{Denominator})");

    private static Exponent Checked(Int128 numerator, Int128 denominator)
    {
        const long Limit = 1L << 50;
        if (numerator > Limit || numerator < -Limit || denominator > Limit)
        {
            throw new LimitExceededException("exponent-limit", "an exponent is too large");
        }

        return new Exponent((long)numerator, (long)denominator);
    }

    private static long Gcd(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a == 0 ? 1 : a;
    }
}
