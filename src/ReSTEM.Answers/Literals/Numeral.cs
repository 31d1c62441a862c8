namespace ReSTEM.Answers;

/// <summary>How a number was written, which decides what a decimal may stand for.</summary>
/// <param name="IsDecimal">Whether it has a decimal point.</param>
/// <param name="Places">Digits after the point.</param>
/// <param name="SignificantDigits">Digits from the first that is not 0.</param>
/// <param name="IsCut">Whether dots follow, so that more digits were left out.</param>
/// <param name="IsGrouped">Whether commas group the digits, which could also separate list items.</param>
/// <param name="Continued">With dots after a digit that is shown twice: the value if it goes on for ever, as 1/3 of 0.33...</param>
internal sealed record Numeral(bool IsDecimal, int Places, int SignificantDigits, bool IsCut, bool IsGrouped, Rational? Continued = null)
{
    internal static readonly Numeral Whole = new(false, 0, 0, false, false);

    internal static readonly Numeral Grouped = new(false, 0, 0, false, true);
}
