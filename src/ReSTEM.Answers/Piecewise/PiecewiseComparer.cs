namespace ReSTEM.Answers;

/// <summary>Compares functions of |.|, sgn, max and min piece by piece, and of floor and ceiling period by period.</summary>
/// <remarks>
/// Between two breakpoints such a function has one formula without them, and formulas are compared like any others: exactly where they have normal
/// forms. So functions that are polynomials or fractions on each piece are compared exactly, at the breakpoints too. With several variables they
/// are compared along random lines, which cross every breakpoint that is a hyperplane.
/// </remarks>
internal static class PiecewiseComparer
{
    private const int MaxDepth = 6;
    private const int Lines = 4;

    /// <summary>Directions and places of the lines: small, so that steps have short periods along them.</summary>
    private static readonly int[] Slopes = [1, -1, 2, 3, -2, -3, 5];

    private static readonly int[] Starts = [2, -3, 5, 7, -11, 13, 17];

    /// <returns>Null where there are no such functions, or where they change in ways that are not known exactly.</returns>
    internal static Comparison? Compare(Node left, Node right, Budget budget)
    {
        var both = Node.Of(NodeKind.Sum, left, right);
        if (!Switches.Holds(both, Switches.IsSignSwitch) && !Switches.Holds(both, Switches.IsStep))
        {
            return null;
        }

        var names = new SortedSet<string>(StringComparer.Ordinal);
        Collect(both, names);
        return names.Count == 1 ? OfOne(left, right, names.Min!, budget) : AlongLines(left, right, [.. names], budget);
    }

    private static Comparison? AlongLines(Node left, Node right, string[] names, Budget budget)
    {
        const string Along = "\u2113";
        for (int line = 0; line < Lines; line++)
        {
            Node[] values = [.. names.Select((_, index) => Node.Of(
                NodeKind.Sum,
                Switches.Number(new Rational(Starts[(index + line) % Starts.Length], 1 + ((index + line) % 3))),
                Node.Of(NodeKind.Product, Node.Number(Slopes[((index * 2) + line) % Slopes.Length]), Node.Symbol(Along))))];
            Node? OnLine(Node part) => part.Is(NodeKind.Symbol) ? values[Array.IndexOf(names, part.Name)] : null;
            var outcome = OfOne(Switches.Replace(left, OnLine, budget), Switches.Replace(right, OnLine, budget), Along, budget);
            if (outcome is not { IsSame: true })
            {
                return outcome;
            }
        }

        return Comparison.Same("piecewise");
    }

    private static Comparison? OfOne(Node left, Node right, string name, Budget budget)
    {
        var both = Node.Of(NodeKind.Sum, left, right);
        if (!Switches.Holds(both, Switches.IsStep))
        {
            return OnInterval(left, right, name, null, null, 0, budget);
        }

        return Switches.Holds(both, Switches.IsSignSwitch) ? null : StepComparer.Compare(left, right, name, budget);
    }

    private static Comparison? OnInterval(Node left, Node right, string name, Rational? low, Rational? high, int depth, Budget budget)
    {
        var switches = new List<Node>();
        Switches.Innermost(left, Switches.IsSignSwitch, switches);
        Switches.Innermost(right, Switches.IsSignSwitch, switches);
        if (switches.Count == 0)
        {
            return ScalarComparer.Formulas(left, right, new SampleSpace(left, right).Within(name, low, high), budget);
        }

        if (depth == MaxDepth || Breakpoints(switches, name, low, high, budget) is not { } breakpoints)
        {
            return null;
        }

        foreach (var point in breakpoints)
        {
            var outcome = AtPoint(left, right, name, point.Exact, budget);
            if (outcome is { IsSame: false })
            {
                return outcome;
            }
        }

        var chosen = new HashSet<Node>(switches, ReferenceEqualityComparer.Instance);
        Rational?[] ends = [low, .. breakpoints.Select(static point => (Rational?)point.Approximation), high];
        for (int piece = 0; piece + 1 < ends.Length; piece++)
        {
            var middle = Inside(ends[piece], ends[piece + 1]);
            Node? Chosen(Node part) => chosen.Contains(part) ? Choose(part, name, middle, budget) : null;
            var outcome = OnInterval(
                Switches.Replace(left, Chosen, budget), Switches.Replace(right, Chosen, budget), name, ends[piece], ends[piece + 1], depth + 1, budget);
            if (outcome is not { IsSame: true })
            {
                return outcome;
            }
        }

        return Comparison.Same("piecewise");
    }

    /// <summary>Both functions at one number; null when one of them has no value there.</summary>
    internal static Comparison? AtPoint(Node left, Node right, string name, Node point, Budget budget)
    {
        try
        {
            return ScalarComparer.Formulas(Switches.Substitute(left, name, point, budget), Switches.Substitute(right, name, point, budget), null, budget);
        }
        catch (UndefinedException)
        {
            return null;
        }
    }

    private static Rational Inside(Rational? low, Rational? high) => (low, high) switch
    {
        ({ } from, { } to) => (from + to) / 2,
        ({ } from, null) => from + 1,
        (null, { } to) => to - 1,
        _ => Rational.Zero,
    };

    /// <summary>The roots of everything whose sign the switches look at, inside the interval, in order, each once.</summary>
    private static List<Breakpoint>? Breakpoints(List<Node> switches, string name, Rational? low, Rational? high, Budget budget)
    {
        var all = new List<Breakpoint>();
        foreach (var critical in switches.SelectMany(Criticals))
        {
            if (Breakpoint.RootsOf(critical, name, budget) is not { } roots)
            {
                return null;
            }

            all.AddRange(roots.Where(root => !(root.Approximation <= low) && !(root.Approximation >= high)));
        }

        var ordered = new List<Breakpoint>();
        foreach (var point in all.OrderBy(static point => point.Approximation))
        {
            if (ordered.Count == 0 || ScalarComparer.Formulas(ordered[^1].Exact, point.Exact, null, budget) is not { IsSame: true })
            {
                ordered.Add(point);
            }
        }

        return ordered;
    }

    private static IEnumerable<Node> Criticals(Node node)
    {
        if (node.Name is "abs" or "sgn")
        {
            yield return node.Items[0];
            yield break;
        }

        for (int first = 0; first < node.Items.Length; first++)
        {
            for (int second = first + 1; second < node.Items.Length; second++)
            {
                yield return Less(node.Items[first], node.Items[second]);
            }
        }
    }

    private static Node Less(Node left, Node right) => Node.Of(NodeKind.Sum, left, Node.Of(NodeKind.Negation, right));

    /// <summary>The formula that a switch has around a number at which none of its criticals is 0; null when it has no value there.</summary>
    private static Node? Choose(Node node, string name, Rational at, Budget budget)
    {
        int? Sign(Node critical) => RealOrder.Sign(Switches.Substitute(critical, name, Switches.Number(at), budget), budget);
        switch (node.Name)
        {
            case "abs":
                return Sign(node.Items[0]) switch { > 0 => node.Items[0], < 0 => Node.Of(NodeKind.Negation, node.Items[0]), _ => null };
            case "sgn":
                return Sign(node.Items[0]) is { } sign ? Node.Number(sign) : null;
            default:
                var best = node.Items[0];
                foreach (var item in node.Items.Skip(1))
                {
                    // Items that are the same everywhere have no sign to choose by: either will do.
                    best = Sign(Less(item, best)) is { } difference && difference > 0 == (node.Name == "max") ? item : best;
                }

                return best;
        }
    }

    private static void Collect(Node node, SortedSet<string> names)
    {
        if (node.Is(NodeKind.Symbol))
        {
            names.Add(node.Name);
        }

        Array.ForEach(node.Items, item => Collect(item, names));
    }
}
