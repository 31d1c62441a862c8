using System.Globalization;

namespace ReSTEM.Answers;

/// <summary>Items of a list that were written in another way: digits that commas group, and dots that leave items out.</summary>
internal static class Sequences
{
    /// <summary>Most items that dots may stand for.</summary>
    private const int MaxItems = 500;

    /// <summary>Items of a list without blanks after its commas: there a comma separates and never groups digits.</summary>
    internal static List<Node> Ungrouped(List<Node> items) => [.. items.SelectMany(static item => Groups(item) ?? [item])];

    /// <summary>The groups of a number as items of their own; null when it has none, or one that begins with 0.</summary>
    internal static Node[]? Groups(Node node)
    {
        if (node is { Kind: NodeKind.Negation, Items: [{ Kind: NodeKind.Number } positive] } && Groups(positive) is { } groups)
        {
            return [Node.Of(NodeKind.Negation, groups[0]), .. groups[1..]];
        }

        if (!node.Is(NodeKind.Number) || !node.Numeral.IsGrouped)
        {
            return null;
        }

        string digits = node.Value.ToString();
        int first = digits.Length % 3 == 0 ? 3 : digits.Length % 3;
        var parts = new List<string> { digits[..first] };
        for (int at = first; at < digits.Length; at += 3)
        {
            parts.Add(digits.Substring(at, 3));
        }

        return parts.Exists(static part => part[0] == '0') ? null : [.. parts.Select(static part => Node.Number(int.Parse(part, CultureInfo.InvariantCulture)))];
    }

    /// <summary>Whole numbers with dots between: those that the first two or more and the last make an arithmetic or else a geometric sequence of.</summary>
    internal static Node[] Expanded(List<Node> items, Budget budget)
    {
        int dots = items.FindIndex(static item => item is { Kind: NodeKind.Text, Name: "…" });
        if (dots < 2 || dots != items.Count - 2 || items.Exists(item => !ReferenceEquals(item, items[dots]) && Whole(item) is null))
        {
            return [.. items];
        }

        Rational[] shown = [.. items.Where(item => !ReferenceEquals(item, items[dots])).Select(static item => Whole(item)!.Value)];
        var step = shown[1] - shown[0];
        var ratio = shown[0].IsZero ? Rational.Zero : shown[1] / shown[0];
        return Continued(shown, value => value + step, budget) ?? (ratio.Absolute > 1 ? Continued(shown, value => value * ratio, budget) : null) ?? [.. items];
    }

    private static Node[]? Continued(Rational[] shown, Func<Rational, Rational> next, Budget budget)
    {
        var all = new List<Rational> { shown[0] };
        bool ends = false;
        while (!ends && all.Count < MaxItems)
        {
            budget.Spend(1);
            all.Add(next(all[^1]));
            if (all.Count < shown.Length && all[^1] != shown[all.Count - 1])
            {
                return null;
            }

            ends = all.Count >= shown.Length && all[^1] == shown[^1];
        }

        return ends ? [.. all.Select(static value => new Node { Kind = NodeKind.Number, Value = value })] : null;
    }

    private static Rational? Whole(Node node) => node switch
    {
        { Kind: NodeKind.Number, Value.IsInteger: true } => node.Value,
        { Kind: NodeKind.Negation, Items: [{ Kind: NodeKind.Number, Value.IsInteger: true } positive] } => -positive.Value,
        _ => null,
    };
}
