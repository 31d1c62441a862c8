using System.Globalization;
using System.Numerics;
using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>Compares two printed numbers, or two numbers that functions returned.</summary>
internal static class NumberWords
{
    private const int LongestExponent = 400;
    private const int LongestNumber = 2000;

    // Two programs that print many digits of one real number differ in the last ones.
    private const int ManyPlaces = 9;
    private const double LastPlaces = 1e-9;

    /// <summary>
    /// Whether two words are numbers of the same value, or as near as the rule allows. Without a tolerance at least one must have a point or
    /// an exponent: 0011 and 11 are digits, not one number.
    /// </summary>
    public static bool AreEqual(string word, string accepted, OutputRule rule)
    {
        if (Read(word) is not { } a || Read(accepted) is not { } b)
        {
            return false;
        }

        if (rule.Tolerance > 0)
        {
            return AreClose(a.Approximately, b.Approximately, rule);
        }

        return (!a.IsWhole || !b.IsWhole)
            && (a.HasValueOf(b)
                || (Math.Min(a.Places, b.Places) >= ManyPlaces && AreClose(a.Approximately, b.Approximately, LastPlaces)));
    }

    /// <summary>Whether a number is as near to the accepted one as the rule's tolerance allows; never for one that is not finite.</summary>
    public static bool AreClose(double number, double accepted, OutputRule rule)
    {
        double distance = Math.Abs(number - accepted);
        bool absolute = distance <= rule.Tolerance;
        bool relative = distance <= rule.Tolerance * Math.Abs(accepted);
        return rule.ToleranceIs switch
        {
            ToleranceKind.Absolute => absolute,
            ToleranceKind.Relative => relative,
            _ => absolute || relative,
        };
    }

    private static bool AreClose(double number, double accepted, double tolerance) =>
        Math.Abs(number - accepted) <= tolerance * Math.Max(1, Math.Abs(accepted));

    // Sign, digits without leading zeros, a fraction, an exponent; nothing else is a number, in particular not nan or 0x10.
    private static Decimal? Read(string word)
    {
        int at = word.Length > 0 && word[0] is '+' or '-' ? 1 : 0;
        int whole = Digits(word, at);
        int end = at + whole;
        int places = 0;
        bool isWhole = true;
        if (end < word.Length && word[end] == '.')
        {
            isWhole = false;
            places = Digits(word, end + 1);
            end += 1 + places;
        }

        int exponent = 0;
        if (end < word.Length && word[end] is 'e' or 'E')
        {
            isWhole = false;
            if (!int.TryParse(word.AsSpan(end + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
                || Math.Abs(exponent) > LongestExponent)
            {
                return null;
            }

            end = word.Length;
        }

        bool padded = whole > 1 && word[at] == '0';
        if (end != word.Length || whole + places == 0 || padded || word.Length > LongestNumber
            || !double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double approximately))
        {
            return null;
        }

        string digits = string.Concat(word.AsSpan(at, whole), places == 0 ? "" : word.AsSpan(at + whole + 1, places));
        var mantissa = BigInteger.Parse(digits, CultureInfo.InvariantCulture);
        return new Decimal(word[0] == '-' ? -mantissa : mantissa, exponent - places, places, isWhole, approximately);
    }

    private static int Digits(string word, int at)
    {
        int end = at;
        while (end < word.Length && char.IsAsciiDigit(word[end]))
        {
            end++;
        }

        return end - at;
    }

    /// <summary>Mantissa times ten to the exponent.</summary>
    private readonly record struct Decimal(BigInteger Mantissa, int Exponent, int Places, bool IsWhole, double Approximately)
    {
        public bool HasValueOf(Decimal other)
        {
            int least = Math.Min(Exponent, other.Exponent);
            return Mantissa * BigInteger.Pow(10, Exponent - least) == other.Mantissa * BigInteger.Pow(10, other.Exponent - least);
        }
    }
}
