using System.Globalization;
using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>Values of decimals, repeating decimals and digits in other bases.</summary>
internal static class DecimalReading
{
    /// <summary>whole.fraction(repeating) as an exact fraction.</summary>
    internal static Rational Value(string whole, string fraction, string repeating)
    {
        var shift = BigInteger.Pow(10, fraction.Length);
        var value = new Rational(BigInteger.Parse(whole + fraction, CultureInfo.InvariantCulture), shift);
        return repeating.Length == 0
            ? value
            : value + new Rational(
                BigInteger.Parse(repeating, CultureInfo.InvariantCulture),
                shift * (BigInteger.Pow(10, repeating.Length) - 1));
    }

    /// <summary>Splits digits before dots into a fixed part and a period that is shown at least three times (a period of one digit) or twice.</summary>
    internal static (string Fraction, string Repeating) RepeatingTail(string digits)
    {
        for (int period = 1; period * 2 <= digits.Length; period++)
        {
            int times = 1;
            string tail = digits[^period..];
            while ((times + 1) * period <= digits.Length
                && digits.AsSpan(digits.Length - ((times + 1) * period), period).SequenceEqual(tail))
            {
                times++;
            }

            if (times >= (period == 1 ? 3 : 2) && tail.AsSpan().ContainsAnyExcept('0'))
            {
                return (digits[..^(times * period)], tail);
            }
        }

        return (digits, "");
    }

    internal static int SignificantDigits(string digits) => digits.AsSpan().TrimStart('0').Length;

    /// <summary>n of 10^n.</summary>
    internal static int PowerOfTen(Rational power) => power.IsInteger
        ? power.Numerator.ToString(CultureInfo.InvariantCulture).Length - 1
        : 1 - power.Denominator.ToString(CultureInfo.InvariantCulture).Length;

    /// <summary>The value of digits 0-9A-Z, perhaps with a point, in a base; null when a digit does not exist in it.</summary>
    internal static Rational? InBase(string digits, int radix)
    {
        var value = BigInteger.Zero;
        int places = -1;
        foreach (char digit in digits)
        {
            if (digit == '.')
            {
                if (places >= 0)
                {
                    return null;
                }

                places = 0;
                continue;
            }

            int number = char.IsAsciiDigit(digit) ? digit - '0' : char.IsAsciiLetterUpper(digit) ? digit - 'A' + 10 : 99;
            if (number >= radix)
            {
                return null;
            }

            value = (value * radix) + number;
            places += places >= 0 ? 1 : 0;
        }

        return new Rational(value, BigInteger.Pow(radix, Math.Max(0, places)));
    }
}
