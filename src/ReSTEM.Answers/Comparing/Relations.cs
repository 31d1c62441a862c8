namespace ReSTEM.Answers;

/// <summary>Compares assignments, equations and inequalities.</summary>
internal static class Relations
{
    /// <summary>The outcome when an equation or an inequality that is no set of numbers takes part; else null.</summary>
    internal static Comparison? Compare(Node left, Node right, AnswerContext context, Budget budget)
    {
        bool equationLeft = IsEquation(left);
        bool equationRight = IsEquation(right);
        if (equationLeft && equationRight)
        {
            return Equations(left, right, context, budget);
        }

        if (equationLeft || equationRight)
        {
            var (equation, other) = equationLeft ? (left, right) : (right, left);
            return other.Is(NodeKind.Relation) ? null : Value(equation, other, context, budget);
        }

        return left.Is(NodeKind.Relation) && right.Is(NodeKind.Relation) ? Inequalities(left, right, budget) : null;
    }

    private static bool IsEquation(Node node) =>
        node.Is(NodeKind.Relation) && Array.TrueForAll(node.Operators, static sign => sign is "=" or "≈");

    private static Comparison Equations(Node left, Node right, AnswerContext context, Budget budget)
    {
        if (Chains.IsAssignment(left) && Chains.IsAssignment(right)
            && (SameName(left.Items[0], right.Items[0]) || left.Items[0].Kind != NodeKind.Symbol || right.Items[0].Kind != NodeKind.Symbol))
        {
            return AnswerComparer.Compare(left.Items[1], right.Items[1], context, budget);
        }

        if (Constants(left, context, budget) is { } chain)
        {
            return AnswerComparer.Compare(chain, right, context, budget);
        }

        if (Constants(right, context, budget) is { } otherChain)
        {
            return AnswerComparer.Compare(left, otherChain, context, budget);
        }

        return left.Items.Length == 2 && right.Items.Length == 2 && IsScalarRelation(left) && IsScalarRelation(right)
            ? Proportional(left, right, false, budget)
            : SameSides(left, right, context, budget);
    }

    private static bool SameName(Node left, Node right) => left.Kind == right.Kind && left.Name == right.Name && left.Brackets == right.Brackets
        && left.Items.Length == right.Items.Length && left.Items.Zip(right.Items).All(static pair => pair.First.Name == pair.Second.Name);

    /// <summary>An equation against a bare value: an assignment gives its value, a chain of numbers any of its sides.</summary>
    private static Comparison? Value(Node equation, Node other, AnswerContext context, Budget budget)
    {
        if (Chains.IsAssignment(equation))
        {
            return AnswerComparer.Compare(equation.Items[1], other, context, budget);
        }

        if (Constants(equation, context, budget) is null)
        {
            return Comparison.Different("equation");
        }

        var outcome = Comparison.Different("equation");
        foreach (var side in equation.Items)
        {
            outcome = AnswerComparer.Compare(side, other, context, budget);
            if (outcome.IsSame)
            {
                break;
            }
        }

        return outcome;
    }

    /// <summary>The first side of a true chain of constants, as in 0.56 = 56%; null when something varies or the chain is false.</summary>
    private static Node? Constants(Node equation, AnswerContext context, Budget budget)
    {
        if (!Array.TrueForAll(equation.Items, static item => Normaliser.IsScalar(item) && !HasSymbol(item)))
        {
            return null;
        }

        string[] signs = equation.Operators;
        for (int index = 0; index < signs.Length; index++)
        {
            var (left, right) = (equation.Items[index], equation.Items[index + 1]);
            bool holds = AnswerComparer.Compare(left, right, context, budget).IsSame
                || (signs[index] == "≈" && DecimalRule.Approximates(Measured.Of(left).Value, Measured.Of(right).Value, budget));
            if (!holds)
            {
                return null;
            }
        }

        return equation.Items[0];
    }

    private static bool HasSymbol(Node node) => node.Is(NodeKind.Symbol) || Array.Exists(node.Items, HasSymbol);

    private static bool IsScalarRelation(Node relation) => Array.TrueForAll(relation.Items, Normaliser.IsScalar);

    private static Comparison SameSides(Node left, Node right, AnswerContext context, Budget budget) =>
        new(
            left.Operators.SequenceEqual(right.Operators) && left.Items.Length == right.Items.Length
            && left.Items.Zip(right.Items).All(pair => AnswerComparer.Compare(pair.First, pair.Second, context, budget).IsSame),
            "sides");

    private static Comparison Inequalities(Node left, Node right, Budget budget)
    {
        if (RealSets.Of(left, budget) is not null && RealSets.Of(right, budget) is not null)
        {
            return RealSets.Compare(left, right, budget)!.Value;
        }

        if (left.Items.Length != 2 || right.Items.Length != 2 || !IsScalarRelation(left) || !IsScalarRelation(right))
        {
            return SameSides(left, right, AnswerContext.None, budget);
        }

        // a < b as b - a > 0, so that only the two directions of ">" and ">=" are left.
        var a = Upward(left);
        var b = Upward(right);
        return a.Operators[0] != b.Operators[0] ? Comparison.Different("inequality") : Proportional(a, b, true, budget);
    }

    private static Node Upward(Node relation) => relation.Operators[0] switch
    {
        "<" => Node.Relation([">"], relation.Items[1], relation.Items[0]),
        "≤" => Node.Relation(["≥"], relation.Items[1], relation.Items[0]),
        _ => relation,
    };

    /// <summary>Whether the differences of the sides are the same up to a constant factor (above 0 for inequalities).</summary>
    private static Comparison Proportional(Node left, Node right, bool positive, Budget budget)
    {
        string rule = positive ? "inequality" : "equation";
        try
        {
            var a = Difference(left, budget);
            var b = Difference(right, budget);
            if (a.IsZero || b.IsZero)
            {
                return new Comparison(a.IsZero && b.IsZero, rule);
            }

            var same = a.Times(Leading(b), budget).SameAs(b.Times(Leading(a), budget));
            return new Comparison(same && (!positive || a.LeadingCoefficient.Sign == b.LeadingCoefficient.Sign), rule);
        }
        catch (UndefinedException)
        {
            return Comparison.Different("undefined");
        }
    }

    /// <summary>Left minus right, multiplied by what makes it a polynomial without negative powers.</summary>
    private static Polynomial Difference(Node relation, Budget budget)
    {
        var difference = Normaliser.Normalise(relation.Items[0], budget)
            .Minus(Normaliser.Normalise(relation.Items[1], budget), budget).Numerator;
        return difference.WithoutNegativePowers(budget).Polynomial;
    }

    /// <summary>The constant factor of the first term: its coefficient with the roots and constants in it.</summary>
    private static Polynomial Leading(Polynomial polynomial)
    {
        var (first, _) = polynomial.Terms[0];
        var variables = Variables(first);
        return Polynomial.Sum(polynomial.Terms
            .Where(term => Variables(term.Monomial).Equals(variables))
            .Select(static term => (Constants(term.Monomial), term.Coefficient)));
    }

    private static Monomial Variables(Monomial monomial) =>
        new([.. monomial.Factors.Where(static factor => factor.Atom.IsVariable)]);

    private static Monomial Constants(Monomial monomial) =>
        new([.. monomial.Factors.Where(static factor => !factor.Atom.IsVariable)]);
}
