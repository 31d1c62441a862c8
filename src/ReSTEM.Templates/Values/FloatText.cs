using System.Globalization;

namespace ReSTEM.Templates;

/// <summary>Floats as Python prints them: the shortest digits that give the same float, with an exponent below 1e-4 and from 1e16 on.</summary>
internal static class FloatText
{
    internal static string Of(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        }

        var (digits, exponent) = Digits(number.ToString("R", CultureInfo.InvariantCulture));
        string sign = double.IsNegative(number) ? "-" : "";
        return sign + (exponent is < -4 or >= 16 ? Scientific(digits, exponent) : Fixed(digits, exponent));
    }

    /// <summary>The digits that count, and the power of ten of the first.</summary>
    private static (string Digits, int Exponent) Digits(string text)
    {
        string[] parts = text.TrimStart('-').Split('E');
        int exponent = parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        int point = parts[0].IndexOf('.', StringComparison.Ordinal);
        string all = parts[0].Replace(".", "", StringComparison.Ordinal);
        string digits = all.TrimStart('0');
        int first = (point < 0 ? all.Length : point) - (all.Length - digits.Length) - 1;
        digits = digits.TrimEnd('0');
        return digits.Length == 0 ? ("0", 0) : (digits, first + exponent);
    }

    private static string Scientific(string digits, int exponent)
    {
        string mantissa = digits.Length > 1 ? $"{digits[0]}.{digits[1..]}" : digits;
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    private static string Fixed(string digits, int exponent)
    {
        if (exponent < 0)
        {
            return "0." + new string('0', -exponent - 1) + digits;
        }

        string padded = digits.PadRight(exponent + 1, '0');
        return padded[..(exponent + 1)] + "." + (padded.Length > exponent + 1 ? padded[(exponent + 1)..] : "0");
    }
}
