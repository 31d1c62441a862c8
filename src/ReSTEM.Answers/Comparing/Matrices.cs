namespace ReSTEM.Answers;

/// <summary>Factors in front of matrices, and columns as tuples.</summary>
internal static class Matrices
{
    /// <summary>Multiplies a scalar factor or divisor into a matrix; other trees are unchanged.</summary>
    internal static Node Distribute(Node node, Budget budget)
    {
        switch (node.Kind)
        {
            case NodeKind.Negation when Distribute(node.Items[0], budget) is { Kind: NodeKind.Matrix } matrix:
                return Map(matrix, entry => Node.Of(NodeKind.Negation, entry));
            case NodeKind.Quotient when Distribute(node.Items[0], budget) is { Kind: NodeKind.Matrix } matrix:
                return Map(matrix, entry => Node.Of(NodeKind.Quotient, entry, node.Items[1]));
            case NodeKind.Product when node.Items.Count(static item => item.Is(NodeKind.Matrix)) == 1:
                var factors = node.Items.Where(static item => !item.Is(NodeKind.Matrix)).ToArray();
                return Map(
                    node.Items.First(static item => item.Is(NodeKind.Matrix)),
                    entry => Node.Of(NodeKind.Product, [.. factors, entry]));
            default:
                return node;
        }
    }

    /// <summary>A matrix of one column as the tuple of its entries; other trees are unchanged.</summary>
    internal static Node ColumnAsTuple(Node node) =>
        node.Is(NodeKind.Matrix) && node.Items.Length > 1 && Array.TrueForAll(node.Items, static row => row.Items.Length == 1)
            ? Node.Tuple('(', ')', [.. node.Items.Select(static row => row.Items[0])])
            : node;

    private static Node Map(Node matrix, Func<Node, Node> change) =>
        matrix.With([.. matrix.Items.Select(row => row.With([.. row.Items.Select(change)]))]);
}
