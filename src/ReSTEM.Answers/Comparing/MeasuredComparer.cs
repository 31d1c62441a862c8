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

        if (Measured.Spelled(left) is not null || Measured.Spelled(right) is not null)
        {
            return Spelled(left, right, context, budget);
        }

        var a = Measured.Of(left);
        var b = Measured.Of(right);
        if (a.Value.Is(NodeKind.BaseNumeral) || b.Value.Is(NodeKind.BaseNumeral))
        {
            return Bases(a.Value, b.Value, context, budget);
        }

        if ((a.IsDegree && left.Kind is not (NodeKind.Degree or NodeKind.Quantity)) || (b.IsDegree && right.Kind is not (NodeKind.Degree or NodeKind.Quantity)))
        {
            // Degrees inside a sum are numbers of their own first: 90° - a/2 is pi/2 - a/2.
            var whole = ScalarComparer.Compare(left, right, budget);
            if (whole.IsSame)
            {
                return whole;
            }
        }

        var plain = UnitComparer.Compare(a, b, budget) ?? ScalarComparer.Compare(a.Value, b.Value, budget);
        if (plain.IsSame || plain.Rule == UnitComparer.Rule)
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

    /// <summary>Letters that may be units: as variables first, then as units where the other side has no variables.</summary>
    private static Comparison Spelled(Node left, Node right, AnswerContext context, Budget budget)
    {
        var algebra = ScalarComparer.Compare(Measured.Of(left).Value, Measured.Of(right).Value, budget);
        var a = Measured.Spelled(left) ?? left;
        var b = Measured.Spelled(right) ?? right;
        return algebra.IsSame || HasLetter(a) || HasLetter(b) ? algebra : Compare(a, b, context, budget);
    }

    private static bool HasLetter(Node node) => node.Is(NodeKind.Symbol) || Array.Exists(node.Items, HasLetter);

    private static Comparison Applied(bool onLeft, NodeKind kind, string rule, Measured a, Measured b, Budget budget)
    {
        var applied = ScalarComparer.Compare(
            onLeft ? Node.Of(kind, a.Value) : a.Value, onLeft ? b.Value : Node.Of(kind, b.Value), budget);
        return applied.IsSame ? Comparison.Same(rule) : applied;
    }

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
