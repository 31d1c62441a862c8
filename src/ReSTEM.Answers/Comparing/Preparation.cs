namespace ReSTEM.Answers;

/// <summary>Rewrites a tree so that answers of one meaning have one shape: signs expanded, chains resolved, lists flat.</summary>
internal static class Preparation
{
    /// <summary>Most values that plus-minus signs may stand for.</summary>
    private const int MaxItems = 64;

    internal static Node Prepare(Node node, Budget budget) => Prepare(node, HasSign(node), budget);

    /// <summary>What holds no plus-minus sign is not searched for one again in each of its parts, which would take time by the square of the nesting.</summary>
    private static Node Prepare(Node node, bool signed, Budget budget)
    {
        budget.Spend(1);
        Node Part(Node part) => Prepare(part, signed && HasSign(part), budget);
        switch (node.Kind)
        {
            case NodeKind.Number or NodeKind.Symbol or NodeKind.Constant or NodeKind.Text or NodeKind.BaseNumeral
                or NodeKind.Time:
                return node;
            case NodeKind.List or NodeKind.Set:
                var items = Array.FindAll(node.Items, item => !SaysReal(item, node)).Select(Part)
                    .SelectMany(static item => item.Is(NodeKind.List) ? item.Items : [item]).ToArray();
                return items.Length == 1 && node.Is(NodeKind.List) ? items[0] : Node.Of(node.Kind, node.Name, items);
            case NodeKind.Relation:
                return Chains.Resolve(node.With([.. node.Items.Select(Part)]));
            case NodeKind.Tuple or NodeKind.Matrix or NodeKind.Union or NodeKind.Intersection or NodeKind.Difference when !signed:
                return node.With([.. node.Items.Select(Part)]);
        }

        if (node is { Kind: NodeKind.Call, Name: "overline" or "angle" or "triangle" or "widetilde", Items: [{ Kind: NodeKind.Symbol } name] })
        {
            return name; // a segment, an angle or a triangle is named by its points
        }

        if (node is { Kind: NodeKind.Sum, Items: [var whole, { Kind: NodeKind.Negation, Items: [{ Kind: NodeKind.Set } without] }] } && IsSet(whole))
        {
            return Prepare(Node.Of(NodeKind.Difference, whole, without), budget); // R - {3}
        }

        var expanded = signed ? Expand(node, budget) : node;
        return expanded.Is(NodeKind.List) ? expanded : Matrices.Evaluate(expanded, budget);
    }

    /// <summary>Whether an item only says that a name of another item is a real number, which changes nothing: <c>x^2, x \in \mathbb{R}</c>.</summary>
    private static bool SaysReal(Node item, Node list) =>
        item is { Kind: NodeKind.Relation, Operators: ["∈"], Items: [{ Kind: NodeKind.Symbol } name, { Kind: NodeKind.Constant, Name: "reals" }] }
        && Array.Exists(list.Items, other => !ReferenceEquals(other, item) && HoldsName(other, name.Name));

    private static bool HoldsName(Node node, string name) => node.IsSymbol(name) || Array.Exists(node.Items, item => HoldsName(item, name));

    private static bool IsSet(Node node) => node.Kind is NodeKind.Set or NodeKind.Union or NodeKind.Tuple || node.IsConstant("reals");

    private static bool HasSign(Node node) => node.Is(NodeKind.PlusMinus) || Array.Exists(node.Items, HasSign);

    /// <summary>a +- b as the list of a + b and a - b; -+ takes the other sign at the same time.</summary>
    private static Node Expand(Node node, Budget budget)
    {
        var upper = WithSign(node, 1, budget);
        var lower = WithSign(node, -1, budget);
        var list = Node.Of(NodeKind.List, ",", Prepare(upper, budget), Prepare(lower, budget));
        return list.Items.Length > MaxItems ? throw new LimitExceededException("list-limit", "too many signs") : list;
    }

    private static Node WithSign(Node node, int sign, Budget budget)
    {
        budget.Spend(1);
        if (node.Is(NodeKind.PlusMinus))
        {
            var inner = WithSign(node.Items[0], sign, budget);
            return node.Name == "+-" == sign > 0 ? inner : Node.Of(NodeKind.Negation, inner);
        }

        return node.Items.Length == 0 ? node : node.With([.. node.Items.Select(item => WithSign(item, sign, budget))]);
    }
}
