namespace ReSTEM.Answers;

/// <summary>What stands beside a value: a unit of measure, words for what is counted, or both.</summary>
/// <param name="Words">All of it, as it was written; only to show.</param>
/// <param name="Dimension">Base quantities with their powers, as <c>length^1 time^-1</c>; empty for words that are no unit.</param>
/// <param name="Size">How many base units of the dimension one unit is.</param>
/// <param name="Label">What is counted, in the singular: <c>red apple</c>; empty when nothing is named.</param>
/// <param name="Per">What it is counted for: <c>person</c> of dollars per person; empty when it is no such rate.</param>
internal readonly record struct Unit(string Words, string Dimension, Rational Size, string Label, string Per)
{
    internal static readonly Unit Dollar = UnitReader.Read("dollar")!.Value;

    internal bool IsKnown => Dimension.Length > 0;

    /// <summary>Whether it is the placeholder of a drawing: units, square units, cubic units.</summary>
    internal bool IsPlaceholder => Dimension.StartsWith("unit", StringComparison.Ordinal);
}
