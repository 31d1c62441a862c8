using System.Globalization;
using System.Numerics;

namespace ReSTEM.Templates;

/// <summary>Python's whole numbers, which have no largest one there; here they have a length that no template needs more than.</summary>
internal static class WholeNumbers
{
    internal const int MostDigits = 1000;
    private const int MostBits = 3300;

    /// <summary>A value as whole number, true as 1; null for everything else.</summary>
    internal static BigInteger? Of(object value) => value switch
    {
        BigInteger number => number,
        bool flag => flag ? BigInteger.One : BigInteger.Zero,
        _ => null,
    };

    /// <exception cref="TemplateException">The number is too large.</exception>
    internal static BigInteger Bounded(BigInteger number) => number.GetBitLength() <= MostBits
        ? number
        : throw new TemplateException($"a whole number has {number.GetBitLength()} bits, expected at most {MostBits}.");

    /// <exception cref="TemplateException">The number is too large.</exception>
    internal static BigInteger Power(BigInteger number, int exponent) => number.GetBitLength() * (double)exponent <= MostBits
        ? BigInteger.Pow(number, exponent)
        : throw new TemplateException($"a power has about {number.GetBitLength() * (double)exponent:F0} bits, expected at most {MostBits}.");

    /// <summary>The number that a text says, as Python's int() reads it; null for none.</summary>
    internal static BigInteger? Parse(string text, int radix)
    {
        string digits = WhiteSpace.TrimStart(WhiteSpace.TrimEnd(text));
        bool isNegative = digits.StartsWith('-');
        digits = isNegative || digits.StartsWith('+') ? digits[1..] : digits;
        if (radix != 10 && digits.Length > 2 && digits[0] == '0' && (char.ToLowerInvariant(digits[1]), radix) is ('x', 16) or ('o', 8) or ('b', 2))
        {
            digits = digits[2..];
        }

        if (digits.Length is 0 or > MostDigits || digits.StartsWith('_') || digits.EndsWith('_') || digits.Contains("__", StringComparison.Ordinal))
        {
            return null;
        }

        BigInteger number = 0;
        foreach (char digit in digits.Replace("_", "", StringComparison.Ordinal))
        {
            int value = char.IsAsciiLetter(digit) ? char.ToLowerInvariant(digit) - 'a' + 10 : CharUnicodeInfo.GetDecimalDigitValue(digit);
            if (value < 0 || value >= radix)
            {
                return null;
            }

            number = (number * radix) + value;
        }

        return isNegative ? -number : number;
    }
}
