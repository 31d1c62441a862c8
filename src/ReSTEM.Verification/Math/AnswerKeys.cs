namespace ReSTEM.Verification;

/// <summary>A canonical writing for answers that have one: equal keys mean equal answers.</summary>
internal static class AnswerKeys
{
    /// <summary>The key, or null when there is no canonical form.</summary>
    internal static string? Of(Node node, Budget budget)
    {
        if (node.Is(NodeKind.Number))
        {
            return node.Value.ToString();
        }

        if (node.Is(NodeKind.Text))
        {
            return "text:" + node.Name;
        }

        if (!Normaliser.IsScalar(node))
        {
            return null;
        }

        try
        {
            var form = Normaliser.Normalise(Measure.Of(node).Value, budget);
            return form.Denominator.IsOne && AtomRelations.AreIndependent(form.Numerator) ? form.ToString() : null;
        }
        catch (UndefinedException)
        {
            return null;
        }
    }
}
