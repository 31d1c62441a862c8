namespace ReSTEM.Answers;

/// <summary>An equation that says the value of something, against that value alone: <c>P(A) = 1/3</c> and 1/3.</summary>
internal static class NamedValues
{
    /// <summary>An equation against a bare value: an assignment gives its value, a chain of numbers any of its sides.</summary>
    internal static Comparison Compare(Node equation, Node other, AnswerContext context, Budget budget)
    {
        if (Chains.IsAssignment(equation))
        {
            return AnswerComparer.Compare(equation.Items[1], other, context, budget);
        }

        if (Of(equation) is { } value && (IsOperation(equation.Items[0]) || !IsCurve(equation.Items[0])))
        {
            return AnswerComparer.Compare(value, other, context, budget);
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

    /// <summary>
    /// The last side of an equation or chain whose first side holds names that the last does not: what the first is said to be. An
    /// equation of arithmetic with one name, as 2x = 8, says the value of that name only when it is solved: null.
    /// </summary>
    internal static Node? Of(Node node)
    {
        if (!Relations.IsEquation(node))
        {
            return null;
        }

        var names = new SortedSet<string>(StringComparer.Ordinal);
        Collect(node.Items[0], names);
        int last = Array.IndexOf(node.Operators, "≈");
        var value = node.Items[last > 0 ? last : node.Items.Length - 1];
        var others = new SortedSet<string>(StringComparer.Ordinal);
        Collect(value, others);
        return names.Count > 0 && !(names.Count == 1 && IsArithmetic(node.Items[0])) && !names.Overlaps(others) && !ReferenceEquals(value, node.Items[0]) ? value : null;
    }

    private static bool IsArithmetic(Node node) =>
        node.Kind is NodeKind.Number or NodeKind.Symbol or NodeKind.Sum or NodeKind.Product or NodeKind.Quotient or NodeKind.Power
            or NodeKind.Negation or NodeKind.Root
        && Array.TrueForAll(node.Items, IsArithmetic);

    /// <summary>The first side of a true chain of constants, as in 0.56 = 56%; null when something varies or the chain is false.</summary>
    internal static Node? Constants(Node equation, AnswerContext context, Budget budget)
    {
        if (!Array.TrueForAll(equation.Items, static item => Normaliser.IsScalar(item) && !Switches.HasSymbol(item)))
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

    /// <summary>Whether an expression is one in coordinates, so that an equation of it is a line, a curve or a condition and no name of a value.</summary>
    private static bool IsCurve(Node node)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        Collect(node, names);
        return Normaliser.IsScalar(node) && names.All(static name => name is "x" or "y" or "z");
    }

    /// <summary>An integral, a sum or a limit, of which an equation says the value.</summary>
    private static bool IsOperation(Node node) => node is { Kind: NodeKind.Call, Name: "integral" or "sum" or "prod" or "lim" };

    private static void Collect(Node node, SortedSet<string> names)
    {
        if (node.Kind is NodeKind.Symbol or NodeKind.Text)
        {
            names.Add(node.Name);
        }
        else if (node.Is(NodeKind.Call) && node.Name is "f" or "g")
        {
            names.Add(node.Name);
        }

        Array.ForEach(node.Items, item => Collect(item, names));
    }
}
