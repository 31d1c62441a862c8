namespace ReSTEM.Answers;

/// <summary>Compares two single values: rationals, then decimals by rounding, then normal forms, then evaluation.</summary>
internal static class ScalarComparer
{
    internal static Comparison Compare(Node left, Node right, Budget budget)
    {
        // Two literals need no normal form, unless a decimal may stand for an exact number beside it.
        if (left.Is(NodeKind.Number) && right.Is(NodeKind.Number)
            && (left.Value == right.Value || left.Numeral.IsDecimal == right.Numeral.IsDecimal))
        {
            return new Comparison(left.Value == right.Value, "rational");
        }

        try
        {
            var a = Normaliser.Normalise(left, budget);
            var b = Normaliser.Normalise(right, budget);
            return DecimalRule.Compare(left, a, right, b, budget) ?? Forms(left, a, right, b, budget);
        }
        catch (UndefinedException)
        {
            return Comparison.Different("undefined"); // an expression without a value equals nothing but its own text
        }
    }

    private static Comparison Forms(Node left, Form a, Node right, Form b, Budget budget) =>
        Exact(a, b, budget)
        ?? PiecewiseComparer.Compare(left, right, budget)
        ?? NumericComparer.Compare(left, right, budget)
        ?? Comparison.Different("normal-form-only");

    /// <summary>Compares two formulas without |.|, max, floor and their like, as functions on a part of the line.</summary>
    /// <param name="left">One formula.</param>
    /// <param name="right">The other.</param>
    /// <param name="space">Where their variables are; null for everywhere.</param>
    /// <param name="budget">Pays for it.</param>
    /// <returns>Null when nothing decides.</returns>
    /// <exception cref="UndefinedException">A formula has no value.</exception>
    internal static Comparison? Formulas(Node left, Node right, SampleSpace? space, Budget budget) =>
        Exact(Normaliser.Normalise(left, budget), Normaliser.Normalise(right, budget), budget)
        ?? NumericComparer.Compare(left, right, budget, space);

    /// <summary>The outcome where the normal forms decide.</summary>
    private static Comparison? Exact(Form a, Form b, Budget budget)
    {
        if (a.AsRational is { } x && b.AsRational is { } y)
        {
            return new Comparison(x == y, "rational");
        }

        var difference = a.Minus(b, budget).Numerator;
        return difference.IsZero ? Comparison.Same("normal-form")
            : AtomRelations.AreIndependent(difference) ? Comparison.Different("normal-form")
            : null;
    }
}
