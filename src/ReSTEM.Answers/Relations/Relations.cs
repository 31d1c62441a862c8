namespace ReSTEM.Answers;

/// <summary>Compares assignments, equations and inequalities.</summary>
internal static class Relations
{
    /// <summary>The outcome when an equation or an inequality that is no set of numbers takes part; else null.</summary>
    internal static Comparison? Compare(Node left, Node right, AnswerContext context, Budget budget)
    {
        if ((Congruences.Compare(left, right, budget) ?? Solutions.Compare(left, right, context, budget)) is { } decided)
        {
            return decided;
        }

        bool equationLeft = IsEquation(left);
        bool equationRight = IsEquation(right);
        if (equationLeft && equationRight)
        {
            return Equations(left, right, context, budget);
        }

        if (equationLeft || equationRight)
        {
            var (equation, other) = equationLeft ? (left, right) : (right, left);
            return other.Is(NodeKind.Relation) ? null : NamedValues.Compare(equation, other, context, budget);
        }

        return left.Is(NodeKind.Relation) && right.Is(NodeKind.Relation) ? Inequalities(left, right, budget) : null;
    }

    internal static bool IsEquation(Node node) =>
        node.Is(NodeKind.Relation) && Array.TrueForAll(node.Operators, static sign => sign is "=" or "≈");

    private static Comparison Equations(Node left, Node right, AnswerContext context, Budget budget)
    {
        if (Chains.IsAssignment(left) && Chains.IsAssignment(right) && Names.Agreed(left, right, budget) is var (value, other))
        {
            return AnswerComparer.Compare(value, other, context, budget);
        }

        if (NamedValues.Constants(left, context, budget) is { } chain)
        {
            return AnswerComparer.Compare(chain, right, context, budget);
        }

        if (NamedValues.Constants(right, context, budget) is { } otherChain)
        {
            return AnswerComparer.Compare(left, otherChain, context, budget);
        }

        return left.Items.Length == 2 && right.Items.Length == 2 && IsScalarRelation(left) && IsScalarRelation(right)
            ? Proportional.Equations(left, right, budget)
            : SameSides(left, right, context, budget);
    }

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

        return Proportional.Inequalities(left, right, budget);
    }
}
