namespace ReSTEM.Answers;

/// <summary>
/// Compares what stands beside two values. A unit or a counted noun on one side only is ignored; where both sides have one they must
/// agree in dimension, in what is counted, and in what a rate is for, and sizes are converted exactly.
/// </summary>
internal static class UnitComparer
{
    /// <summary>The rule of values that differ in their units alone.</summary>
    internal const string Rule = "unit";

    /// <summary>The outcome where units decide; null when the values alone do.</summary>
    internal static Comparison? Compare(Measured a, Measured b, Budget budget)
    {
        if ((a.IsPercent && !b.IsPercent && b.Unit is not null) || (b.IsPercent && !a.IsPercent && a.Unit is not null))
        {
            return Comparison.Different(Rule);
        }

        if (a.IsDegree != b.IsDegree && (a.IsDegree ? b.Unit : a.Unit) is { } beside)
        {
            return Angle(beside, a, b, budget);
        }

        if (a.Unit is not { } left || b.Unit is not { } right)
        {
            return null;
        }

        if (left.IsPlaceholder || right.IsPlaceholder)
        {
            return Powers(left) == Powers(right) ? null : Comparison.Different(Rule);
        }

        if (left.Dimension != right.Dimension && Labels.Agree(left.Label, right.Label)
            && Temperatures.Kelvins(a.Value, left) is { } kelvins && Temperatures.Kelvins(b.Value, right) is { } others)
        {
            return Same(kelvins, others, budget);
        }

        if (left.Dimension != right.Dimension || left.Per != right.Per || !Labels.Agree(left.Label, right.Label))
        {
            return Comparison.Different(Rule);
        }

        return left.Size == right.Size ? null : Converted(a.Value, left.Size, b.Value, right.Size, budget);
    }

    /// <summary>A degree sign against a unit: minutes of arc are converted, radians by pi, and no other unit is an angle.</summary>
    private static Comparison Angle(Unit unit, Measured a, Measured b, Budget budget)
    {
        switch (unit.Dimension)
        {
            case "angle^1":
                return Converted(a.Value, a.IsDegree ? 1 : unit.Size, b.Value, b.IsDegree ? 1 : unit.Size, budget);
            case "radian^1":
                var same = ScalarComparer.Compare(
                    a.IsDegree ? Node.Of(NodeKind.Degree, a.Value) : a.Value, b.IsDegree ? Node.Of(NodeKind.Degree, b.Value) : b.Value, budget);
                return same.IsSame ? Comparison.Same("degree") : Comparison.Different(Rule);
            default:
                return Comparison.Different(Rule);
        }
    }

    private static Comparison Converted(Node left, Rational ofLeft, Node right, Rational ofRight, Budget budget) =>
        Same(Scaled(left, ofLeft), Scaled(right, ofRight), budget);

    private static Comparison Same(Node left, Node right, Budget budget) =>
        ScalarComparer.Compare(left, right, budget).IsSame ? Comparison.Same("converted-unit") : Comparison.Different(Rule);

    /// <summary>The power of a length, which the units of a drawing stand for; null for other units.</summary>
    private static string? Powers(Unit unit) => unit.Dimension.Split('^') is ["unit" or "length", var power] ? power : null;

    private static Node Scaled(Node value, Rational size) =>
        Node.Of(NodeKind.Product, value, new Node { Kind = NodeKind.Number, Value = size });
}
