namespace ReSTEM.Templates;

/// <summary>Which of two values comes first, for those that have an order.</summary>
internal static class ValueOrder
{
    private const int MostDepth = 100;

    /// <summary>Below 0, 0 or above 0; null where a number is no number.</summary>
    /// <exception cref="TemplateException">The two have no order.</exception>
    internal static int? Compare(object first, object second, RenderBudget budget, int depth = 0)
    {
        budget.Step();
        budget.Look(first);
        return Ordered(first, second, budget, depth);
    }

    private static int? Ordered(object first, object second, RenderBudget budget, int depth) => (first, second) switch
    {
        (string a, string b) => CodePoints.Compare(a, b),
        _ when ValueKinds.IsNumber(first) && ValueKinds.IsNumber(second) => Numbers.Compare(first, second),
        (ListValue a, ListValue b) when a.Kind == b.Kind && a.Kind is ListKind.List or ListKind.Tuple && depth < MostDepth => OfLists(a, b, budget, depth + 1),
        (Undefined missing, _) => throw missing.Fault(),
        (_, Undefined missing) => throw missing.Fault(),
        _ => throw new TemplateException(
            $"values of types {ValueKinds.NameOf(first)} and {ValueKinds.NameOf(second)} are compared, expected two with an order."),
    };

    /// <summary>Sorts, equal ones in the order in which they were.</summary>
    /// <exception cref="TemplateException">Two have no order.</exception>
    internal static List<object> Sort(IEnumerable<object> items, Func<object, object> key, bool descending, RenderBudget budget)
    {
        var comparer = Comparer<object>.Create((first, second) => Compare(first, second, budget) ?? 0);
        try
        {
            return descending ? [.. items.OrderByDescending(key, comparer)] : [.. items.OrderBy(key, comparer)];
        }
        catch (InvalidOperationException fault) when (fault.InnerException is TemplateException inner)
        {
            throw new TemplateException(inner.Message);
        }
    }

    private static int? OfLists(ListValue first, ListValue second, RenderBudget budget, int depth)
    {
        int length = Math.Min(first.Items.Count, second.Items.Count);
        for (int i = 0; i < length; i++)
        {
            if (!ValueEquality.AreEqual(first.Items[i], second.Items[i], budget))
            {
                return Compare(first.Items[i], second.Items[i], budget, depth);
            }
        }

        return first.Items.Count.CompareTo(second.Items.Count);
    }
}
