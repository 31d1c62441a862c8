namespace ReSTEM.Answers;

/// <summary>Chains of relations: <c>A = bh/2 = 12</c> is the assignment A = 12, <c>x in S</c> is S.</summary>
internal static class Chains
{
    internal static Node Resolve(Node relation)
    {
        string[] operators = relation.Operators;
        var items = relation.Items;
        if (operators is ["∈"] && IsName(items[0]))
        {
            return items[1];
        }

        if (!Array.TrueForAll(operators, static sign => sign is "=" or "≈"))
        {
            return relation;
        }

        if (IsName(items[0]))
        {
            // x = ... = value: the last value, or the one before an approximation of it.
            int last = Array.IndexOf(operators, "≈");
            int value = last > 0 ? last : items.Length - 1;
            return Node.Relation([operators[0] == "≈" ? "≈" : "="], items[0], items[value]);
        }

        if (items.Length == 2 && IsName(items[1]) && !IsName(items[0]))
        {
            return Node.Relation(["="], items[1], items[0]);
        }

        return relation;
    }

    /// <summary>Whether a side only names what the other side says.</summary>
    internal static bool IsName(Node node) => node.Kind switch
    {
        NodeKind.Symbol or NodeKind.Text => true,
        NodeKind.Call => node.Name is "overline" or "angle" or "triangle" or "f" or "g" or "abs"
            && Array.TrueForAll(node.Items, static item => item.Kind is NodeKind.Symbol or NodeKind.Number),
        NodeKind.Tuple => Array.TrueForAll(node.Items, static item => item.Is(NodeKind.Symbol)),
        _ => false,
    };

    /// <summary>name = value, where the value does not hold the name.</summary>
    internal static bool IsAssignment(Node node) =>
        node is { Kind: NodeKind.Relation, Operators: ["=" or "≈"] }
        && IsName(node.Items[0]) && !Holds(node.Items[1], node.Items[0]);

    private static bool Holds(Node node, Node name) =>
        (node.Is(NodeKind.Symbol) && name.Is(NodeKind.Symbol) && node.Name == name.Name)
        || Array.Exists(node.Items, item => Holds(item, name));
}
