namespace ReSTEM.Answers;

/// <summary>An end of an interval: a constant, or an infinity.</summary>
/// <param name="Infinity">-1, 0 (finite) or 1.</param>
/// <param name="Form">The exact value when finite.</param>
/// <param name="Node">The same as a tree.</param>
/// <param name="Budget">Pays for comparisons.</param>
internal sealed record IntervalEnd(int Infinity, Form Form, Node Node, Budget Budget)
{
    internal static readonly IntervalEnd Lowest = new(-1, Form.Zero, Node.Constant("infinity"), new Budget(0));
    internal static readonly IntervalEnd Highest = new(1, Form.Zero, Node.Constant("infinity"), new Budget(0));

    /// <summary>Negative, 0 or positive as this end is below, at or above another.</summary>
    internal int CompareTo(IntervalEnd other)
    {
        if (Infinity != 0 || other.Infinity != 0)
        {
            return Infinity.CompareTo(other.Infinity);
        }

        return RealOrder.Compare(this, other, Budget);
    }
}

/// <summary>A non-empty set of reals between two ends.</summary>
internal sealed record Interval(IntervalEnd Low, bool HasLow, IntervalEnd High, bool HasHigh)
{
    internal static readonly Interval All = new(IntervalEnd.Lowest, false, IntervalEnd.Highest, false);

    internal bool IsEmpty => Low.CompareTo(High) is var order && (order > 0 || (order == 0 && !(HasLow && HasHigh)));

    /// <summary>The interval between two constants, or null when an end is no real constant, or an infinity that would belong to it.</summary>
    internal static Interval? Between(Node low, bool hasLow, Node high, bool hasHigh, Budget budget) =>
        End(low, budget) is { } first && End(high, budget) is { } second && !(hasLow && first.Infinity != 0) && !(hasHigh && second.Infinity != 0)
            ? new Interval(first, hasLow, second, hasHigh)
            : null;

    internal bool SameAs(Interval other) => HasLow == other.HasLow && HasHigh == other.HasHigh
        && Low.CompareTo(other.Low) == 0 && High.CompareTo(other.High) == 0;

    internal static IntervalEnd? End(Node node, Budget budget)
    {
        if (node.IsConstant("infinity"))
        {
            return IntervalEnd.Highest;
        }

        if (node.Is(NodeKind.Negation) && node.Items[0].IsConstant("infinity"))
        {
            return IntervalEnd.Lowest;
        }

        if (!Normaliser.IsScalar(node))
        {
            return null;
        }

        var value = Measured.Of(node).Value;
        try
        {
            var form = Normaliser.Normalise(value, budget);
            return form.HasVariable || !RealOrder.IsReal(form, value, budget) ? null : new IntervalEnd(0, form, value, budget);
        }
        catch (UndefinedException)
        {
            return null;
        }
    }
}
