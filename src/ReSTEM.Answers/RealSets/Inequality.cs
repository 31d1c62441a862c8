namespace ReSTEM.Answers;

/// <summary>Solves chains of inequalities that are linear in one variable.</summary>
internal static class Inequality
{
    /// <summary>The solution set, or null when the chain is not of that kind.</summary>
    internal static List<Interval>? Solve(Node relation, Budget budget)
    {
        string[] operators = relation.Operators;
        List<Interval>? set = [Interval.All];
        string? variable = null;
        for (int index = 0; index < operators.Length && set is not null; index++)
        {
            var step = Step(relation.Items[index], operators[index], relation.Items[index + 1], ref variable, budget);
            set = step is null ? null : IntervalAlgebra.Intersection(set, step);
        }

        return set;
    }

    private static List<Interval>? Step(Node left, string sign, Node right, ref string? variable, Budget budget)
    {
        budget.Spend(10);
        if (left is { Kind: NodeKind.Call, Name: "abs", Items: [var inside] } && sign is "<" or "≤" or ">" or "≥")
        {
            // |u| < c is -c < u < c; |u| > c is u < -c or u > c
            var below = Step(inside, sign, right, ref variable, budget);
            var above = Step(Node.Of(NodeKind.Negation, right), sign, inside, ref variable, budget);
            return below is null || above is null ? null
                : sign is "<" or "≤" ? IntervalAlgebra.Intersection(below, above) : IntervalAlgebra.Union(below, above);
        }

        if (right is { Kind: NodeKind.Call, Name: "abs" } && left is not { Kind: NodeKind.Call, Name: "abs" } && Mirrored(sign) is { } mirrored)
        {
            return Step(right, mirrored, left, ref variable, budget);
        }

        if (!Normaliser.IsScalar(left) || !Normaliser.IsScalar(right) || sign is "∈" or "=" or "≈")
        {
            return null;
        }

        if (left.IsConstant("infinity") || right.IsConstant("infinity")
            || (left.Is(NodeKind.Negation) && left.Items[0].IsConstant("infinity")))
        {
            return [Interval.All]; // -oo < x < oo bounds nothing
        }

        try
        {
            var difference = Normaliser.Normalise(left, budget).Minus(Normaliser.Normalise(right, budget), budget);
            var tree = Node.Of(NodeKind.Sum, left, Node.Of(NodeKind.Negation, right));
            return (difference.Denominator.IsOne ? Linear(difference.Numerator, tree, sign, ref variable, budget) : null)
                ?? SignChart.Solve(tree, sign, ref variable, budget);
        }
        catch (UndefinedException)
        {
            return null;
        }
    }

    private static string? Mirrored(string sign) => sign switch { "<" => ">", "≤" => "≥", ">" => "<", "≥" => "≤", _ => null };

    /// <summary>a x + b against 0, with rational a.</summary>
    private static List<Interval>? Linear(
        Polynomial polynomial, Node tree, string sign, ref string? variable, Budget budget)
    {
        var slope = Rational.Zero;
        var rest = Polynomial.Zero;
        foreach (var (monomial, coefficient) in polynomial.Terms)
        {
            if (monomial.Factors is [var (atom, power)] && atom.Kind == AtomKind.Variable && power.Equals(Exponent.One)
                && slope.IsZero && (variable is null || variable == atom.Key))
            {
                slope = coefficient;
                variable = atom.Key;
            }
            else
            {
                rest = rest.Plus(Polynomial.Term(monomial, coefficient), budget);
            }
        }

        if (slope.IsZero || rest.HasVariable())
        {
            return null;
        }

        // The bound -b/a as a tree: the sides' difference at x = 0, over -a.
        var form = new Form(rest.Scaled(-slope.Inverse));
        var node = Node.Of(
            NodeKind.Quotient, AtZero(tree, variable!), new Node { Kind = NodeKind.Number, Value = -slope });
        if (!RealOrder.IsReal(form, node, budget))
        {
            return null;
        }

        var bound = new IntervalEnd(0, form, node, budget);
        bool up = (sign is ">" or "≥") == (slope.Sign > 0);
        bool closed = sign is "≥" or "≤";
        return sign == "≠"
            ? IntervalAlgebra.Difference([Interval.All], [new Interval(bound, true, bound, true)])
            : [up ? new Interval(bound, closed, IntervalEnd.Highest, false) : new Interval(IntervalEnd.Lowest, false, bound, closed)];
    }

    private static Node AtZero(Node node, string variable)
    {
        if (node.Is(NodeKind.Symbol))
        {
            return node.Name == variable ? Node.Number(0) : node;
        }

        return node.Items.Length == 0 ? node : node.With([.. node.Items.Select(item => AtZero(item, variable))]);
    }
}
