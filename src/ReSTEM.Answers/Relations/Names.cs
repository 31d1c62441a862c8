namespace ReSTEM.Answers;

/// <summary>Whether two assignments give a value to the same thing.</summary>
internal static class Names
{
    /// <summary>The values to compare when the names may mean one thing; null when they mean two.</summary>
    /// <remarks>
    /// Two variables, two labels and two functions at constants must be the same. A function of a variable may call it otherwise, and tuples of
    /// names may be in another order; then the second value is changed accordingly. A variable and a label say nothing about each other.
    /// </remarks>
    internal static (Node Left, Node Right)? Agreed(Node left, Node right, Budget budget)
    {
        var (name, value) = (left.Items[0], left.Items[1]);
        var (other, otherValue) = (right.Items[0], right.Items[1]);
        switch (name.Kind, other.Kind)
        {
            case (NodeKind.Symbol, NodeKind.Symbol):
                return name.Name == other.Name ? (value, otherValue) : null;
            case (NodeKind.Text, NodeKind.Text):
                return string.Equals(name.Name, other.Name, StringComparison.OrdinalIgnoreCase) ? (value, otherValue) : null;
            case (NodeKind.Call, NodeKind.Call):
                return Functions(name, other, budget) is { } rename ? (value, rename(otherValue)) : null;
            case (NodeKind.Tuple, NodeKind.Tuple):
                return Ordered(name, other, otherValue) is { } reordered ? (value, reordered) : null;
            case (NodeKind.Call, NodeKind.Symbol):
                return Holds(name, other) || IsFunction(other) ? null : (value, otherValue);
            case (NodeKind.Symbol, NodeKind.Call):
                return Holds(other, name) || IsFunction(name) ? null : (value, otherValue);
            default:
                return (value, otherValue);
        }
    }

    /// <summary>Whether two trees are written the same.</summary>
    internal static bool AreSame(Node left, Node right) =>
        left.Kind == right.Kind && left.Label == right.Label && left.Value == right.Value && left.Items.Length == right.Items.Length
        && left.Items.Zip(right.Items).All(static pair => AreSame(pair.First, pair.Second));

    private static Func<Node, Node>? Functions(Node name, Node other, Budget budget)
    {
        if (name.Name != other.Name || name.Items.Length != other.Items.Length)
        {
            return null;
        }

        if (AreSame(name, other))
        {
            return static value => value;
        }

        if (!Array.TrueForAll([.. name.Items, .. other.Items], static item => item.Is(NodeKind.Symbol)))
        {
            return null;
        }

        return value => Switches.Replace(
            value,
            part => part.Is(NodeKind.Symbol) && Array.FindIndex(other.Items, item => item.Name == part.Name) is var index and >= 0 ? name.Items[index] : null,
            budget);
    }

    private static Node? Ordered(Node names, Node others, Node value)
    {
        if (names.Items.Length != others.Items.Length)
        {
            return null;
        }

        int[] places = [.. names.Items.Select(item => Array.FindIndex(others.Items, other => other.Name == item.Name))];
        if (places.Contains(-1))
        {
            return null;
        }

        return !value.Is(NodeKind.Tuple) || value.Items.Length != places.Length ? value : value.With([.. places.Select(place => value.Items[place])]);
    }

    /// <summary>Whether a symbol is a function with its argument, as f'(x): another one than f(x).</summary>
    private static bool IsFunction(Node symbol) => symbol.Name.Contains('(', StringComparison.Ordinal);

    private static bool Holds(Node call, Node symbol) => Array.Exists(call.Items, item => item.Is(NodeKind.Symbol) && item.Name == symbol.Name);
}
