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

    private static Comparison Forms(Node left, Form a, Node right, Form b, Budget budget)
    {
        if (a.AsRational is { } x && b.AsRational is { } y)
        {
            return new Comparison(x == y, "rational");
        }

        var difference = a.Minus(b, budget).Numerator;
        if (difference.IsZero)
        {
            return Comparison.Same("normal-form");
        }

        return AtomRelations.AreIndependent(difference)
            ? Comparison.Different("normal-form")
            : NumericComparer.Compare(left, right, budget) ?? Comparison.Different("normal-form-only");
    }
}
