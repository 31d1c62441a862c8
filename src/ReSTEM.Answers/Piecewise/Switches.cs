namespace ReSTEM.Answers;

/// <summary>Functions that change their formula where an expression changes sign or passes a whole number: |x|, max, floor and their like.</summary>
internal static class Switches
{
    internal static bool IsSignSwitch(Node node) => node.Is(NodeKind.Call) && node.Name is "abs" or "sgn" or "max" or "min";

    internal static bool IsStep(Node node) => node.Is(NodeKind.Call) && node.Name is "floor" or "ceil" && node.Items.Length == 1;

    internal static bool HasSymbol(Node node) => node.Is(NodeKind.Symbol) || Array.Exists(node.Items, HasSymbol);

    /// <summary>Gathers the switches of a kind whose arguments vary and hold no other switch.</summary>
    internal static void Innermost(Node node, Predicate<Node> kind, List<Node> found)
    {
        if (!kind(node) || !HasSymbol(node))
        {
            Array.ForEach(node.Items, item => Innermost(item, kind, found));
            return;
        }

        int before = found.Count;
        Array.ForEach(node.Items, item => Innermost(item, kind, found));
        if (found.Count == before)
        {
            found.Add(node);
        }
    }

    internal static bool Holds(Node node, Predicate<Node> kind) =>
        (kind(node) && HasSymbol(node)) || Array.Exists(node.Items, item => Holds(item, kind));

    /// <summary>The tree with every subtree replaced for which <c>change</c> has something else.</summary>
    internal static Node Replace(Node node, Func<Node, Node?> change, Budget budget)
    {
        budget.Spend(1);
        return change(node) ?? (node.Items.Length == 0 ? node : node.With([.. node.Items.Select(item => Replace(item, change, budget))]));
    }

    internal static Node Substitute(Node node, string name, Node value, Budget budget) =>
        Replace(node, part => part.Is(NodeKind.Symbol) && part.Name == name ? value : null, budget);

    internal static Node Number(Rational value) => new() { Kind = NodeKind.Number, Value = value };
}
