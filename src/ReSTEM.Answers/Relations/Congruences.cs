namespace ReSTEM.Answers;

/// <summary>Compares congruences: the third item of a relation "≡" is its modulus.</summary>
internal static class Congruences
{
    private const string Sign = "≡";

    /// <summary>The outcome when a congruence takes part; else null.</summary>
    internal static Comparison? Compare(Node left, Node right, AnswerContext context, Budget budget)
    {
        bool isLeft = IsCongruence(left);
        bool isRight = IsCongruence(right);
        if (isLeft && isRight)
        {
            return Both(left, right, context, budget);
        }

        if (!isLeft && !isRight)
        {
            return null;
        }

        var (congruence, other) = isLeft ? (left, right) : (right, left);
        if (Chains.IsAssignment(other))
        {
            return Progression(other, budget) is { } same ? Both(congruence, same, context, budget) : Comparison.Different("congruence");
        }

        // The residue alone: what it is of, and the modulus, are in the question.
        return AnswerComparer.Compare(congruence.Items[1], other, context, budget);
    }

    private static bool IsCongruence(Node node) => node.Is(NodeKind.Relation) && node.Items.Length == 3 && node.Operators[0] == Sign;

    /// <summary>a = b (mod m) and c = d (mod m): the differences of the sides, or their negatives, differ by a multiple of m.</summary>
    private static Comparison Both(Node left, Node right, AnswerContext context, Budget budget)
    {
        if (!AnswerComparer.Compare(left.Items[2], right.Items[2], context, budget).IsSame)
        {
            return Comparison.Different("modulus");
        }

        try
        {
            var modulus = Normaliser.Normalise(left.Items[2], budget);
            var a = Difference(left, budget);
            var b = Difference(right, budget);
            return new Comparison(
                IsMultiple(a.Minus(b, budget), modulus, budget) || IsMultiple(a.Plus(b, budget), modulus, budget), "congruence");
        }
        catch (UndefinedException)
        {
            return Comparison.Different("undefined");
        }
    }

    private static Form Difference(Node congruence, Budget budget) =>
        Normaliser.Normalise(congruence.Items[0], budget).Minus(Normaliser.Normalise(congruence.Items[1], budget), budget);

    private static bool IsMultiple(Form form, Form modulus, Budget budget) =>
        form.Numerator.IsZero || form.DividedBy(modulus, budget).AsRational is { IsInteger: true };

    /// <summary>x = m k + b, with a new name k, as the congruence of x to b; null for another shape.</summary>
    private static Node? Progression(Node assignment, Budget budget)
    {
        var names = new List<string>();
        Collect(assignment.Items[1], names);
        try
        {
            return names is [var step] && Normaliser.Normalise(assignment.Items[1], budget) is { Denominator.IsOne: true } value
                && UnivariatePolynomial.Of(value.Numerator, step) is [{ IsInteger: true } start, { IsInteger: true } slope]
                    ? Node.Relation([Sign, Sign], assignment.Items[0], Switches.Number(start), Switches.Number(slope.Absolute))
                    : null;
        }
        catch (UndefinedException)
        {
            return null;
        }
    }

    private static void Collect(Node node, List<string> names)
    {
        if (node.Is(NodeKind.Symbol) && !names.Contains(node.Name))
        {
            names.Add(node.Name);
        }

        Array.ForEach(node.Items, item => Collect(item, names));
    }
}
