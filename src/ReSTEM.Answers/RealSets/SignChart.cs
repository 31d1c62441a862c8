namespace ReSTEM.Answers;

/// <summary>Solves an inequality of a rational function of one variable by the signs between its roots and poles.</summary>
internal static class SignChart
{
    /// <summary>Where the function stands in the relation to 0; null when its roots and poles are not all known exactly.</summary>
    /// <param name="function">Left side minus right side.</param>
    /// <param name="sign">The relation.</param>
    /// <param name="variable">The variable so far; set when there was none.</param>
    /// <param name="budget">Pays for it.</param>
    internal static List<Interval>? Solve(Node function, string sign, ref string? variable, Budget budget)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        Collect(function, names);
        if (names.Count != 1 || (variable is not null && variable != names.Min)
            || Breakpoint.RootsOf(function, names.Min!, budget) is not { } roots)
        {
            return null;
        }

        string name = variable = names.Min!;
        var set = new List<Interval>();
        IntervalEnd? last = IntervalEnd.Lowest;
        Rational? before = null;
        foreach (var root in Distinct(roots, budget))
        {
            if (Interval.End(root.Exact, budget) is not { } end)
            {
                return null;
            }

            Add(set, function, name, sign, (before, root.Approximation), new Interval(last, false, end, false), budget);
            if (Holds(sign, 0) && !IsPole(function, name, root.Exact, budget))
            {
                set = IntervalAlgebra.Union(set, [new Interval(end, true, end, true)]);
            }

            (last, before) = (end, root.Approximation);
        }

        Add(set, function, name, sign, (before, null), new Interval(last, false, IntervalEnd.Highest, false), budget);
        return IntervalAlgebra.Union(set, []);
    }

    private static void Add(
        List<Interval> set, Node function, string name, string sign, (Rational? Low, Rational? High) ends, Interval interval, Budget budget)
    {
        var place = ends switch
        {
            ({ } low, { } high) => (low + high) / 2,
            ({ } low, null) => low + 1,
            (null, { } high) => high - 1,
            _ => Rational.Zero,
        };
        if (RealOrder.SignAt(function, new() { [name] = place }, budget) is { } found && Holds(sign, found))
        {
            set.Add(interval);
        }
    }

    private static bool Holds(string relation, int sign) => relation switch
    {
        "<" => sign < 0,
        "≤" => sign <= 0,
        ">" => sign > 0,
        "≥" => sign >= 0,
        "≠" => sign != 0,
        _ => sign == 0,
    };

    private static bool IsPole(Node function, string name, Node root, Budget budget)
    {
        try
        {
            Normaliser.Normalise(Switches.Substitute(function, name, root, budget), budget);
            return false;
        }
        catch (UndefinedException)
        {
            return true;
        }
    }

    private static List<Breakpoint> Distinct(List<Breakpoint> roots, Budget budget)
    {
        var distinct = new List<Breakpoint>();
        foreach (var root in roots.OrderBy(static root => root.Approximation))
        {
            if (distinct.Count == 0 || ScalarComparer.Formulas(distinct[^1].Exact, root.Exact, null, budget) is not { IsSame: true })
            {
                distinct.Add(root);
            }
        }

        return distinct;
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
