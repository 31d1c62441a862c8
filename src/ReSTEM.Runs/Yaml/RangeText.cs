using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace ReSTEM.Runs;

/// <summary>A range in words.</summary>
internal static class RangeText
{
    /// <summary><c>1 to 1000</c>, <c>more than 0 to 1</c>; <c>at least 0</c> where the upper end is only that of the type.</summary>
    internal static string Of(RangeAttribute range)
    {
        string low = string.Create(CultureInfo.InvariantCulture, $"{(range.MinimumIsExclusive ? "more than " : "")}{range.Minimum}");
        return range.Maximum is int.MaxValue
            ? $"{(range.MinimumIsExclusive ? "" : "at least ")}{low}"
            : string.Create(CultureInfo.InvariantCulture, $"{low} to {(range.MaximumIsExclusive ? "below " : "")}{range.Maximum}");
    }
}
