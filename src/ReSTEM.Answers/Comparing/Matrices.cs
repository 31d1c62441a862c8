namespace ReSTEM.Answers;

/// <summary>Arithmetic of matrices, and columns as tuples.</summary>
internal static class Matrices
{
    private static readonly Rational MaxPower = 16;

    /// <summary>Sums, products, powers and scalar multiples of matrices multiplied out; trees without, or whose shapes do not fit, are unchanged.</summary>
    internal static Node Evaluate(Node node, Budget budget)
    {
        try
        {
            return Evaluated(node, budget);
        }
        catch (UndefinedException)
        {
            return node;
        }
    }

    private static Node Evaluated(Node node, Budget budget)
    {
        if (!HoldsMatrix(node) || node.Is(NodeKind.Matrix))
        {
            return node;
        }

        var items = node.Items.Select(item => Evaluated(item, budget)).ToArray();
        switch (node.Kind)
        {
            case NodeKind.Negation when items[0].Is(NodeKind.Matrix):
                return Map(items[0], static entry => Node.Of(NodeKind.Negation, entry));
            case NodeKind.Quotient when items[0].Is(NodeKind.Matrix) && !HoldsMatrix(items[1]):
                return Map(items[0], entry => Node.Of(NodeKind.Quotient, entry, items[1]));
            case NodeKind.Product:
                return items.Aggregate((left, right) => Product(left, right, budget));
            case NodeKind.Sum when Array.TrueForAll(items, static item => item.Is(NodeKind.Matrix)):
                return items.Aggregate(Sum);
            case NodeKind.Power when items[0].Is(NodeKind.Matrix) && items[1].IsSymbol("T"):
                return Transposed(items[0]);
            case NodeKind.Power when items is [{ Kind: NodeKind.Matrix } basis, { Kind: NodeKind.Number, Value: { IsInteger: true, Sign: > 0 } power }] && power <= MaxPower:
                return Enumerable.Repeat(basis, (int)power.Numerator).Aggregate((left, right) => Product(left, right, budget));
            default:
                return node.With(items);
        }
    }

    private static bool HoldsMatrix(Node node) => node.Is(NodeKind.Matrix) || Array.Exists(node.Items, HoldsMatrix);

    private static Node Sum(Node left, Node right)
    {
        if (left.Items.Length != right.Items.Length || left.Items[0].Items.Length != right.Items[0].Items.Length)
        {
            throw new UndefinedException("a sum of matrices of different shapes");
        }

        return left.With([.. left.Items.Zip(right.Items, static (a, b) =>
            a.With([.. a.Items.Zip(b.Items, static (x, y) => Node.Of(NodeKind.Sum, x, y))]))]);
    }

    /// <summary>A product; one of a row and a column is a number.</summary>
    private static Node Product(Node left, Node right, Budget budget)
    {
        if (!left.Is(NodeKind.Matrix) || !right.Is(NodeKind.Matrix))
        {
            return left.Is(NodeKind.Matrix) ? Map(left, entry => Node.Of(NodeKind.Product, entry, right))
                : right.Is(NodeKind.Matrix) ? Map(right, entry => Node.Of(NodeKind.Product, left, entry))
                : Node.Of(NodeKind.Product, left, right);
        }

        int inner = right.Items.Length;
        if (left.Items[0].Items.Length != inner)
        {
            throw new UndefinedException("a product of matrices whose shapes do not fit");
        }

        int columns = right.Items[0].Items.Length;
        budget.Spend((long)left.Items.Length * inner * columns * 8);
        Node Entry(Node row, int column) => Simplified(
            Node.Of(NodeKind.Sum, [.. row.Items.Select((entry, index) => Node.Of(NodeKind.Product, entry, right.Items[index].Items[column]))]), budget);
        var product = left.With([.. left.Items.Select(row => row.With([.. Enumerable.Range(0, columns).Select(column => Entry(row, column))]))]);
        return product.Items is [{ Items: [var single] }] ? single : product;
    }

    /// <summary>Numbers are multiplied out at once, so that powers do not grow as trees.</summary>
    private static Node Simplified(Node entry, Budget budget) =>
        Normaliser.IsScalar(entry) && Normaliser.Normalise(entry, budget).AsRational is { } value
            ? new Node { Kind = NodeKind.Number, Value = value }
            : entry;

    private static Node Transposed(Node matrix) => matrix.With([.. Enumerable.Range(0, matrix.Items[0].Items.Length)
        .Select(column => matrix.Items[0].With([.. matrix.Items.Select(row => row.Items[column])]))]);

    /// <summary>A matrix of one column as the tuple of its entries; other trees are unchanged.</summary>
    internal static Node ColumnAsTuple(Node node) =>
        node.Is(NodeKind.Matrix) && node.Items.Length > 1 && Array.TrueForAll(node.Items, static row => row.Items.Length == 1)
            ? Node.Tuple('(', ')', [.. node.Items.Select(static row => row.Items[0])])
            : node;

    /// <summary>A matrix of one row as its entries in brackets, against a tuple; other trees are unchanged.</summary>
    internal static Node RowAsTuple(Node node, Node other) =>
        other.Is(NodeKind.Tuple) && node is { Kind: NodeKind.Matrix, Items: [{ Items.Length: > 1 } row] } ? Node.Tuple('(', ')', row.Items) : node;

    private static Node Map(Node matrix, Func<Node, Node> change) =>
        matrix.With([.. matrix.Items.Select(row => row.With([.. row.Items.Select(change)]))]);
}
