using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>How numbers are written for people.</summary>
internal static class Shown
{
    /// <summary>A share as a percentage without its sign: 0.664 is <c>66.4</c>.</summary>
    internal static string Percent(double share) => Number(100 * share, 1);

    /// <summary>The ends of an interval, in per cent: <c>63.1-69.5</c>.</summary>
    internal static string Interval(Estimate estimate) => $"{Percent(estimate.Low)}-{Percent(estimate.High)}";

    /// <summary>A difference of shares in percentage points, with sign: <c>+27.6</c>.</summary>
    internal static string Points(double difference)
    {
        string digits = Number(100 * Math.Abs(difference), 1);
        return digits == "0.0" ? digits : (difference < 0 ? "-" : "+") + digits;
    }

    /// <summary>The ends of a difference's interval in percentage points: <c>+24.7 to +30.4</c>.</summary>
    internal static string Interval(PairedDifference difference) => $"{Points(difference.Low)} to {Points(difference.High)}";

    /// <summary>A p-value; below one in a thousand only that.</summary>
    internal static string PValue(double p) => p < 0.001 ? "< 0.001" : Number(p, 3);

    internal static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number with so many decimal places and commas between thousands; what rounds to zero has no sign.</summary>
    internal static string Number(double value, int digits)
    {
        string text = value.ToString("N" + digits, CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAnyInRange('1', '9') || !double.IsFinite(value) ? text : text.TrimStart('-');
    }
}
