namespace ReSTEM.Answers;

/// <summary>Solutions of systems: values of several unknowns, named (x = 1, y = 2) or in order (1, 2); and of equations in one unknown.</summary>
internal static class Solutions
{
    /// <summary>The outcome when named values take part against tuples, lists or other named values, or an equation against its roots; else null.</summary>
    internal static Comparison? Compare(Node left, Node right, AnswerContext context, Budget budget)
    {
        var named = Of(left);
        var other = Of(right);
        if (named is not null && other is not null)
        {
            return SameNamed(named, other, context, budget);
        }

        if ((named ?? other) is { } solutions)
        {
            return AsTuples(solutions, named is null ? left : right, context, budget);
        }

        return Roots(left, right, context, budget) ?? Roots(right, left, context, budget);
    }

    /// <summary>Whether several unknowns get a value each, so that the values alone do not say which is which.</summary>
    internal static bool AreNamed(Node node) => Of(node) is not null;

    /// <summary>Each solution as its values by name; null when the node is something else.</summary>
    private static List<SortedDictionary<string, Node>>? Of(Node node)
    {
        if (node.Kind is not (NodeKind.List or NodeKind.Set) || node.Items.Length < 2
            || !Array.TrueForAll(node.Items, static item => Chains.IsAssignment(item) && item.Items[0].Is(NodeKind.Symbol)))
        {
            return null;
        }

        var solutions = new List<SortedDictionary<string, Node>> { new(StringComparer.Ordinal) };
        foreach (var item in node.Items)
        {
            if (!solutions[^1].TryAdd(item.Items[0].Name, item.Items[1]))
            {
                solutions.Add(new(StringComparer.Ordinal) { [item.Items[0].Name] = item.Items[1] });
            }
        }

        bool complete = solutions[0].Count > 1 && solutions.TrueForAll(solution => solution.Keys.SequenceEqual(solutions[0].Keys));
        return complete ? solutions : null;
    }

    private static Comparison SameNamed(
        List<SortedDictionary<string, Node>> left, List<SortedDictionary<string, Node>> right, AnswerContext context, Budget budget)
    {
        if (left.Count != right.Count || !left[0].Keys.SequenceEqual(right[0].Keys))
        {
            return Comparison.Different("unknowns");
        }

        return AnswerComparer.Compare(Tuples(left, [.. left[0].Keys]), Tuples(right, [.. left[0].Keys]), context, budget);
    }

    /// <summary>Against values without names: in the order that the other side or the problem gives, else in alphabetical order.</summary>
    private static Comparison AsTuples(List<SortedDictionary<string, Node>> named, Node other, AnswerContext context, Budget budget)
    {
        string[] order = context.OrderOf([.. named[0].Keys]);
        if (Chains.IsAssignment(other) && other.Items[0].Is(NodeKind.Tuple))
        {
            string[] given = [.. other.Items[0].Items.Select(static item => item.Name)];
            if (!given.Order(StringComparer.Ordinal).SequenceEqual(named[0].Keys))
            {
                return Comparison.Different("unknowns");
            }

            (order, other) = (given, other.Items[1]);
        }

        // One solution as a plain list has an order too: x = 1, y = 2 is not 2, 1.
        if (other.Is(NodeKind.List) && !Array.Exists(other.Items, static item => item.Is(NodeKind.Tuple)))
        {
            other = Node.Tuple('(', ')', other.Items);
        }

        return AnswerComparer.Compare(Tuples(named, order), other, context, budget);
    }

    /// <summary>x = 2, -2 as x = 2 and x = -2.</summary>
    private static Node[] Apart(Node node) => Chains.IsAssignment(node) && node.Items[1].Kind is NodeKind.List or NodeKind.Set
        ? [.. node.Items[1].Items.Select(value => node.With([node.Items[0], value]))]
        : [node];

    private static Node Tuples(List<SortedDictionary<string, Node>> solutions, string[] order)
    {
        Node[] tuples = [.. solutions.Select(solution => Node.Tuple('(', ')', [.. order.Select(name => solution[name])]))];
        return tuples.Length == 1 ? tuples[0] : Node.Of(NodeKind.List, ",", tuples);
    }

    /// <summary>A polynomial equation in one unknown against all of its real roots, each given as a value of that unknown.</summary>
    private static Comparison? Roots(Node equation, Node values, AnswerContext context, Budget budget)
    {
        Node[] items = [.. (values.Kind is NodeKind.List or NodeKind.Set ? values.Items : [values]).SelectMany(Apart)];
        if (!Relations.IsEquation(equation) || equation.Items.Length != 2 || Chains.IsAssignment(equation)
            || !Array.TrueForAll(equation.Items, Normaliser.IsScalar)
            || !Array.TrueForAll(items, static item => Chains.IsAssignment(item) && item.Items[0].Is(NodeKind.Symbol)))
        {
            return null;
        }

        string name = items[0].Items[0].Name;
        if (!Array.TrueForAll(items, item => item.Items[0].Name == name && !Switches.HasSymbol(item.Items[1])))
        {
            return null;
        }

        try
        {
            var difference = Normaliser.Normalise(equation.Items[0], budget).Minus(Normaliser.Normalise(equation.Items[1], budget), budget);
            return difference.Denominator.IsOne && UnivariatePolynomial.Of(difference.Numerator, name) is { Length: > 1 } polynomial
                && UnivariatePolynomial.RealRoots(polynomial, budget) is { } roots
                    ? AnswerComparer.Compare(
                        Node.Of(NodeKind.Set, [.. items.Select(static item => item.Items[1])]), Node.Of(NodeKind.Set, [.. roots]), context, budget)
                    : null;
        }
        catch (UndefinedException)
        {
            return null;
        }
    }
}
