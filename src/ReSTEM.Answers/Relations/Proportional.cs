namespace ReSTEM.Answers;

/// <summary>Equations that are the same up to a factor other than 0, and inequalities that are so up to a factor above 0.</summary>
internal static class Proportional
{
    internal static Comparison Equations(Node left, Node right, Budget budget) => Compare(left, right, false, budget);

    /// <summary>Inequalities are divided by constants only: the sign of anything else is not known.</summary>
    internal static Comparison Inequalities(Node left, Node right, Budget budget)
    {
        // a < b as b - a > 0, so that only the two directions of ">" and ">=" are left.
        var a = Upward(left);
        var b = Upward(right);
        return a.Operators[0] != b.Operators[0] ? Comparison.Different("inequality") : Compare(a, b, true, budget);
    }

    private static Node Upward(Node relation) => relation.Operators[0] switch
    {
        "<" => Node.Relation([">"], relation.Items[1], relation.Items[0]),
        "≤" => Node.Relation(["≥"], relation.Items[1], relation.Items[0]),
        _ => relation,
    };

    private static Comparison Compare(Node left, Node right, bool positive, Budget budget)
    {
        string rule = positive ? "inequality" : "equation";
        try
        {
            var first = Difference(left, budget);
            var second = Difference(right, budget);
            var a = first.Numerator.WithoutNegativePowers(budget).Polynomial;
            var b = second.Numerator.WithoutNegativePowers(budget).Polynomial;
            if (a.IsZero || b.IsZero)
            {
                return new Comparison(a.IsZero && b.IsZero, rule);
            }

            if (!positive)
            {
                return new Comparison(AreProportional(a, b, budget), rule);
            }

            // Denominators stay: (x/a > 1) is not (x > a).
            a = first.Numerator.Times(second.Denominator, budget);
            b = second.Numerator.Times(first.Denominator, budget);
            return new Comparison(AreProportional(a, b, budget) && Points(left, right, budget), rule);
        }
        catch (UndefinedException)
        {
            return Comparison.Different("undefined");
        }
    }

    private static bool AreProportional(Polynomial a, Polynomial b, Budget budget)
    {
        if (!a.HasVariable() || !b.HasVariable())
        {
            return a.Scaled(b.LeadingCoefficient).SameAs(b.Scaled(a.LeadingCoefficient)); // of constants, any two are proportional
        }

        var (first, second) = (Leading(a), Leading(b));
        return first.Variables.Equals(second.Variables)
            && a.Times(second.Factor, budget).SameAs(b.Times(first.Factor, budget));
    }

    /// <summary>Whether the two differences, one a constant multiple of the other, have one sign: looked up where neither is 0.</summary>
    private static bool Points(Node left, Node right, Budget budget)
    {
        var first = Node.Of(NodeKind.Sum, left.Items[0], Node.Of(NodeKind.Negation, left.Items[1]));
        var second = Node.Of(NodeKind.Sum, right.Items[0], Node.Of(NodeKind.Negation, right.Items[1]));
        var space = new SampleSpace(first, second);
        for (int index = 0; index < 8; index++)
        {
            var values = space.At(index);
            if (RealOrder.SignAt(first, values, budget) is { } a and not 0 && RealOrder.SignAt(second, values, budget) is { } b and not 0)
            {
                return a == b;
            }
        }

        return false;
    }

    private static Form Difference(Node relation, Budget budget) =>
        Normaliser.Normalise(relation.Items[0], budget).Minus(Normaliser.Normalise(relation.Items[1], budget), budget);

    /// <summary>The first product of variables, and its constant factor: its coefficient with the roots and constants in it.</summary>
    private static (Monomial Variables, Polynomial Factor) Leading(Polynomial polynomial)
    {
        var first = polynomial.Terms.Select(static term => Variables(term.Monomial)).Min()!;
        return (first, Polynomial.Sum(polynomial.Terms
            .Where(term => Variables(term.Monomial).Equals(first))
            .Select(static term => (Constants(term.Monomial), term.Coefficient))));
    }

    private static Monomial Variables(Monomial monomial) =>
        new([.. monomial.Factors.Where(static factor => factor.Atom.IsVariable)]);

    private static Monomial Constants(Monomial monomial) =>
        new([.. monomial.Factors.Where(static factor => !factor.Atom.IsVariable)]);
}
