namespace ReSTEM.Answers;

/// <summary>A canonical writing for prepared answers that have one: equal keys mean equal answers.</summary>
/// <remarks>
/// Marks that an answer may leave out (units, percent and degree signs) are left out. Expressions whose atoms may depend on each
/// other, such as sin(3x), have no key; neither have unions and inequalities, whose ends are ordered only by evaluation.
/// </remarks>
internal static class AnswerKeys
{
    /// <summary>The key, or null when there is no canonical form.</summary>
    /// <param name="node">A prepared answer.</param>
    /// <param name="named">Whether the reference is an assignment, so that names count; else the value alone does.</param>
    /// <param name="budget">Pays for the normal forms.</param>
    internal static string? Of(Node node, bool named, Budget budget)
    {
        switch (node.Kind)
        {
            case NodeKind.Number:
                return node.Value.ToString();
            case NodeKind.Text:
                return "text:" + node.Name;
            case NodeKind.Time:
                return node.Time.IsHalfKnown ? $"time:{node.Time}" : null;
            case NodeKind.Relation when Chains.IsAssignment(node):
                string? value = Of(node.Items[1], named, budget);
                return named && value is not null ? $"{NameOf(node.Items[0])}={value}" : value;
            case NodeKind.List or NodeKind.Set when !named && Solutions.AreNamed(node):
                return null; // without the names, the values do not say whose they are
            case NodeKind.Tuple:
                var (open, close) = node.Items.Length == 2 ? node.Brackets : ('(', ')');
                return Joined(node.Items, false, named, budget) is { } tuple ? open + tuple + close : null;
            case NodeKind.List:
                return Joined(node.Items, true, named, budget) is { } list ? $"{{{list}}}" : null;
            case NodeKind.Set when Keys(node.Items, named, budget) is { } keys:
                var distinct = keys.Distinct().Order(StringComparer.Ordinal).ToArray();
                return distinct.Length == 1 ? distinct[0] : $"{{{string.Join(", ", distinct)}}}";
            case NodeKind.Matrix when Matrices.ColumnAsTuple(node) is { Kind: NodeKind.Tuple } column:
                return Of(column, named, budget);
            case NodeKind.Matrix:
                return Joined(node.Items, false, named, budget) is { } rows ? $"[{rows}]" : null;
            default:
                return Normaliser.IsScalar(node) ? Scalar(Measured.Of(node).Value, budget) : null;
        }
    }

    private static string NameOf(Node name) => name.Items.Length == 0 ? name.Label
        : $"{name.Label}({string.Join(',', name.Items.Select(static item => item.Is(NodeKind.Number) ? item.Value.ToString() : NameOf(item)))})";

    private static string? Scalar(Node node, Budget budget)
    {
        try
        {
            var form = Normaliser.Normalise(node, budget);
            bool canonical = form.IsReduced && AtomRelations.AreIndependent(form.Numerator) && AtomRelations.AreIndependent(form.Denominator);
            if (canonical)
            {
                budget.SpendOnWriting(form.WrittenLength);
            }

            return canonical ? form.ToString() : null;
        }
        catch (UndefinedException)
        {
            return null;
        }
    }

    private static string? Joined(Node[] items, bool sorted, bool named, Budget budget)
    {
        if (Keys(items, named, budget) is not { } keys)
        {
            return null;
        }

        if (sorted)
        {
            keys.Sort(StringComparer.Ordinal);
        }

        return string.Join(", ", keys);
    }

    private static List<string>? Keys(Node[] items, bool named, Budget budget)
    {
        var keys = new List<string>(items.Length);
        foreach (var item in items)
        {
            if (Of(item, named, budget) is not { } key)
            {
                return null;
            }

            keys.Add(key);
        }

        return keys;
    }
}
