namespace ReSTEM.Answers;

/// <summary>Intervals, unions, inequalities in one variable and finite sets, as sorted lists of disjoint intervals.</summary>
internal static class RealSets
{
    /// <summary>The outcome when one side is a union, an inequality or the real line and both are sets of reals; else null.</summary>
    internal static Comparison? Compare(Node left, Node right, Budget budget)
    {
        if (!IsProper(left) && !IsProper(right))
        {
            return null;
        }

        var a = Of(left, budget);
        var b = a is null ? null : Of(right, budget);
        return a is null || b is null ? null : new Comparison(Same(a, b), "real-set");
    }

    /// <summary>Whether a shape means a set of reals and nothing else.</summary>
    private static bool IsProper(Node node) => node.Kind is NodeKind.Union or NodeKind.Intersection or NodeKind.Difference
        || node.IsConstant("reals") || node.IsConstant("empty-set")
        || (node.Is(NodeKind.Relation) && node.Operators is not ["="])
        || (node.Is(NodeKind.List) && Array.TrueForAll(
                node.Items, static item => (item.Is(NodeKind.Relation) && item.Operators is not ["="]) || item.IsConstant("reals")));

    /// <summary>The set that a tree describes, or null when it is none or its ends have no order that can be known.</summary>
    internal static List<Interval>? Of(Node node, Budget budget)
    {
        budget.Spend(1);
        switch (node.Kind)
        {
            case NodeKind.Tuple when node.Items.Length == 2:
                return Interval.Between(node.Items[0], node.Brackets.Open == '[', node.Items[1], node.Brackets.Close == ']', budget) is { } interval
                    ? interval.IsEmpty ? [] : [interval]
                    : null;
            case NodeKind.Set when Array.Exists(node.Items, IsEmptySet):
                return null; // a set that has the empty set as its element is not empty
            case NodeKind.Set:
                return Points(node.Items, budget);
            case NodeKind.Constant when node.Name == "empty-set":
                return [];
            case NodeKind.Constant when node.Name == "reals":
                return [Interval.All];
            case NodeKind.Union:
                return Join(Of(node.Items[0], budget), Of(node.Items[1], budget), IntervalAlgebra.Union);
            case NodeKind.Intersection:
                return Join(Of(node.Items[0], budget), Of(node.Items[1], budget), IntervalAlgebra.Intersection);
            case NodeKind.Difference:
                return Join(Of(node.Items[0], budget), Of(node.Items[1], budget), IntervalAlgebra.Difference);
            case NodeKind.Relation:
                return Inequality.Solve(node, budget);
            case NodeKind.List:
                return OfList(node, budget);
            default:
                return null;
        }
    }

    internal static bool IsEmptySet(Node node) =>
        (node.Is(NodeKind.Constant) && node.Name == "empty-set") || (node.Is(NodeKind.Set) && node.Items.Length == 0);

    private static List<Interval>? Join(
        List<Interval>? left, List<Interval>? right, Func<List<Interval>, List<Interval>, List<Interval>> join) =>
        left is null || right is null ? null : join(left, right);

    private static List<Interval>? Points(Node[] items, Budget budget)
    {
        var set = new List<Interval>();
        foreach (var item in items)
        {
            if (Interval.Between(item, true, item, true, budget) is not { } point)
            {
                return null;
            }

            set = IntervalAlgebra.Union(set, [point]);
        }

        return set;
    }

    /// <summary>Inequalities joined by "or" are a union, by "and" their common part; by commas their common part, or the union when that is empty.</summary>
    private static List<Interval>? OfList(Node list, Budget budget)
    {
        List<Interval>? union = [];
        List<Interval>? common = [Interval.All];
        foreach (var item in list.Items)
        {
            var set = item.Is(NodeKind.Relation) || item.Is(NodeKind.Tuple) || item.IsConstant("reals") ? Of(item, budget) : null;
            union = Join(union, set, IntervalAlgebra.Union);
            common = Join(common, set, IntervalAlgebra.Intersection);
        }

        bool joined = list.Name == "or" || (list.Name != "and" && common is null or []);
        return joined || list.Items.Any(static item => item.Is(NodeKind.Tuple)) ? union : common; // intervals with "and" between are listed
    }

    private static bool Same(List<Interval> left, List<Interval> right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        for (int index = 0; index < left.Count; index++)
        {
            if (!left[index].SameAs(right[index]))
            {
                return false;
            }
        }

        return true;
    }
}
