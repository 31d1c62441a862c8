namespace ReSTEM.Answers;

/// <summary>Compares tuples, matrices, sets and lists item by item.</summary>
internal static class Collections
{
    /// <summary>The outcome when both sides are collections (or one item stands for a collection of one); else null.</summary>
    internal static Comparison? Compare(Node left, Node right, AnswerContext context, Budget budget)
    {
        left = Matrices.ColumnAsTuple(left);
        right = Matrices.ColumnAsTuple(right);
        return (left.Kind, right.Kind) switch
        {
            (NodeKind.Tuple, NodeKind.Tuple) => Tuples(left, right, context, budget),
            (NodeKind.Ratio, NodeKind.Ratio) => Ratios(left.Items, right.Items, context, budget),
            (NodeKind.Matrix, NodeKind.Matrix) => InOrder(left.Items, right.Items, "matrix", context, budget),
            (NodeKind.List, NodeKind.List) when context.IsOrdered =>
                InOrder(left.Items, right.Items, "ordered-list", context, budget),
            (NodeKind.List or NodeKind.Set, NodeKind.List or NodeKind.Set) => Unordered(left, right, context, budget),
            (NodeKind.List, NodeKind.Tuple) or (NodeKind.Tuple, NodeKind.List) => ListAndTuple(left, right, context, budget),
            (NodeKind.Set, NodeKind.Tuple) or (NodeKind.Tuple, NodeKind.Set) => null,
            (NodeKind.Number or NodeKind.Negation, NodeKind.List or NodeKind.Set or NodeKind.Tuple) when Sequences.Groups(left) is { } items =>
                Compare(Node.Of(NodeKind.List, items), right, context, budget),
            (NodeKind.List or NodeKind.Set or NodeKind.Tuple, NodeKind.Number or NodeKind.Negation) when Sequences.Groups(right) is { } items =>
                Compare(left, Node.Of(NodeKind.List, items), context, budget),
            (NodeKind.Set, _) when left.Items.Length == 1 && !RealSets.IsEmptySet(left.Items[0]) => AnswerComparer.Compare(left.Items[0], right, context, budget),
            (_, NodeKind.Set) when right.Items.Length == 1 && !RealSets.IsEmptySet(right.Items[0]) => AnswerComparer.Compare(left, right.Items[0], context, budget),
            _ => null,
        };
    }

    private static Comparison Tuples(Node left, Node right, AnswerContext context, Budget budget)
    {
        // Round and square brackets mean open and closed ends of an interval; longer tuples may use either.
        if (left.Brackets != right.Brackets && left.Items.Length == 2)
        {
            return Comparison.Different("interval-ends");
        }

        return InOrder(left.Items, right.Items, "tuple", context, budget);
    }

    /// <summary>A tuple against the same items without brackets, in order; square brackets around two items are an interval.</summary>
    private static Comparison ListAndTuple(Node left, Node right, AnswerContext context, Budget budget)
    {
        var tuple = left.Is(NodeKind.Tuple) ? left : right;
        return tuple.Brackets == ('(', ')') || (tuple.Brackets == ('[', ']') && tuple.Items.Length > 2)
            ? InOrder(left.Items, right.Items, "tuple", context, budget)
            : Comparison.Different("shape");
    }

    /// <summary>a : b : c and its multiples, by cross products with the first item.</summary>
    private static Comparison Ratios(Node[] left, Node[] right, AnswerContext context, Budget budget) => left.Length != right.Length
        ? Comparison.Different("count")
        : InOrder(
            [.. left.Select(item => Node.Of(NodeKind.Product, item, right[0]))],
            [.. right.Select(item => Node.Of(NodeKind.Product, item, left[0]))],
            "ratio", context, budget);

    private static Comparison InOrder(Node[] left, Node[] right, string rule, AnswerContext context, Budget budget)
    {
        if (left.Length != right.Length)
        {
            return Comparison.Different("count");
        }

        for (int index = 0; index < left.Length; index++)
        {
            if (!AnswerComparer.Compare(left[index], right[index], context, budget).IsSame)
            {
                return Comparison.Different(rule);
            }
        }

        return Comparison.Same(rule);
    }

    private static Comparison Unordered(Node left, Node right, AnswerContext context, Budget budget)
    {
        var a = Distinct(left, context, budget);
        var b = Distinct(right, context, budget);
        if (a.Count != b.Count)
        {
            return Comparison.Different("count");
        }

        foreach (var item in a)
        {
            int match = b.FindIndex(other => AnswerComparer.Compare(item, other, context, budget).IsSame);
            if (match < 0)
            {
                return Comparison.Different("set");
            }

            b.RemoveAt(match);
        }

        return Comparison.Same("set");
    }

    /// <summary>The items; those of a set without repetitions.</summary>
    private static List<Node> Distinct(Node collection, AnswerContext context, Budget budget)
    {
        if (collection.Is(NodeKind.List))
        {
            return [.. collection.Items];
        }

        var distinct = new List<Node>();
        foreach (var item in collection.Items)
        {
            if (!distinct.Exists(other => AnswerComparer.Compare(item, other, context, budget).IsSame))
            {
                distinct.Add(item);
            }
        }

        return distinct;
    }
}
