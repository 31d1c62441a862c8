namespace ReSTEM.Answers;

/// <summary>Compares scalars with their units, percent and degree signs and bases.</summary>
internal static class MeasuredComparer
{
    internal static Comparison Compare(Node left, Node right, AnswerContext context, Budget budget)
    {
        if (left.Is(NodeKind.Number) && right.Is(NodeKind.Number))
        {
            return ScalarComparer.Compare(left, right, budget);
        }

        var a = Measured.Of(left);
        var b = Measured.Of(right);
        if (a.Value.Is(NodeKind.BaseNumeral) || b.Value.Is(NodeKind.BaseNumeral))
        {
            return Bases(a.Value, b.Value, context, budget);
        }

        var plain = Converted(a, b, budget) ?? ScalarComparer.Compare(a.Value, b.Value, budget);
        if (plain.IsSame)
        {
            return plain;
        }

        // A percent or degree sign on one side only may be applied as well as left out.
        if (a.IsPercent != b.IsPercent)
        {
            return Applied(a.IsPercent, NodeKind.Percent, "percent", a, b, budget);
        }

        return a.IsDegree != b.IsDegree ? Applied(a.IsDegree, NodeKind.Degree, "degree", a, b, budget) : plain;
    }

    private static Comparison Applied(bool onLeft, NodeKind kind, string rule, Measured a, Measured b, Budget budget)
    {
        var applied = ScalarComparer.Compare(
            onLeft ? Node.Of(kind, a.Value) : a.Value, onLeft ? b.Value : Node.Of(kind, b.Value), budget);
        return applied.IsSame ? Comparison.Same(rule) : applied;
    }

    /// <summary>Both sides with known units: other dimensions differ, same dimensions are converted; null when units do not matter.</summary>
    private static Comparison? Converted(Measured a, Measured b, Budget budget)
    {
        if (a.Unit is not { } ofA || b.Unit is not { } ofB || ofA == ofB
            || Units.Find(ofA) is not { } left || Units.Find(ofB) is not { } right
            || left.Dimension.StartsWith("unit", StringComparison.Ordinal) || right.Dimension.StartsWith("unit", StringComparison.Ordinal))
        {
            return null;
        }

        if (left.Dimension != right.Dimension)
        {
            return Comparison.Different("unit");
        }

        if (left.Size == right.Size)
        {
            return null;
        }

        var converted = ScalarComparer.Compare(Scaled(a.Value, left.Size), Scaled(b.Value, right.Size), budget);
        return converted.IsSame ? Comparison.Same("converted-unit") : Comparison.Different("unit");
    }

    private static Node Scaled(Node value, Rational size) =>
        Node.Of(NodeKind.Product, value, new Node { Kind = NodeKind.Number, Value = size });

    /// <summary>Digits in a base: by value, or by digits alone where one side leaves the base out.</summary>
    private static Comparison Bases(Node a, Node b, AnswerContext context, Budget budget)
    {
        bool both = a.Is(NodeKind.BaseNumeral) && b.Is(NodeKind.BaseNumeral);
        if (both && ((a.Name, a.Radix) == (b.Name, b.Radix) || !context.AsksForBase))
        {
            return a.Value == b.Value ? Comparison.Same("base-numeral") : Comparison.Different("base-numeral");
        }

        if (both)
        {
            return Comparison.Different("base-numeral");
        }

        var (numeral, other) = a.Is(NodeKind.BaseNumeral) ? (a, b) : (b, a);
        if (other is { Kind: NodeKind.Number, Value.IsInteger: true } && other.Value.ToString() == numeral.Name)
        {
            return Comparison.Same("base-digits");
        }

        return context.AsksForBase ? Comparison.Different("base-numeral") : ScalarComparer.Compare(a, b, budget);
    }
}
