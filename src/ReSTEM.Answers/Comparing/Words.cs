namespace ReSTEM.Answers;

/// <summary>Compares words and times of day.</summary>
internal static class Words
{
    internal static Comparison? Compare(Node left, Node right, AnswerContext context, Budget budget) => (left.Kind, right.Kind) switch
    {
        (NodeKind.Text, NodeKind.Text) => new Comparison(Matches(left.Name, right.Name), "text"),
        (NodeKind.Time, NodeKind.Time) => new Comparison(SameTime(left.Name, right.Name), "time"),
        (NodeKind.Time, _) when Normaliser.IsScalar(right) => TimeAndNumber(left, right, context, budget),
        (_, NodeKind.Time) when Normaliser.IsScalar(left) => TimeAndNumber(right, left, context, budget),
        (NodeKind.Text, _) when Letters(right) is { } letters => new Comparison(Matches(left.Name, letters), "text"),
        (_, NodeKind.Text) when Letters(left) is { } letters => new Comparison(Matches(right.Name, letters), "text"),
        _ => null,
    };

    private static bool Matches(string left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase)
        || string.Equals(Joined(left), Joined(right), StringComparison.OrdinalIgnoreCase);

    private static string Joined(string words) => words.Replace(" ", "", StringComparison.Ordinal);

    /// <summary>Letters that were read as a name or as a product of variables.</summary>
    private static string? Letters(Node node) => node.Kind switch
    {
        NodeKind.Symbol or NodeKind.Constant => node.Name,
        NodeKind.Product when Array.TrueForAll(node.Items, static item => item.Kind is NodeKind.Symbol or NodeKind.Constant) =>
            string.Concat(node.Items.Select(static item => item.Name)),
        _ => null,
    };

    /// <summary>A time whose half of the day is not known matches both halves.</summary>
    private static bool SameTime(string left, string right)
    {
        if (left == right)
        {
            return true;
        }

        bool open = left.EndsWith('?') != right.EndsWith('?');
        return open && OnTwelve(left) == OnTwelve(right);
    }

    private static string OnTwelve(string time)
    {
        string[] parts = time.TrimEnd('?').Split(':');
        int hours = int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture) % 12;
        return $"{hours}:{parts[1]}:{parts[2]}";
    }

    /// <summary>h:mm as the ratio h to mm, or a whole hour as its number.</summary>
    private static Comparison TimeAndNumber(Node time, Node number, AnswerContext context, Budget budget)
    {
        string[] parts = time.Name.TrimEnd('?').Split(':');
        var hours = System.Numerics.BigInteger.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture);
        var minutes = System.Numerics.BigInteger.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        if (minutes.IsZero)
        {
            return parts[2] == "00" && hours > 12
                ? Either(Node.Number(hours), Node.Number(hours - 12), number, context, budget)
                : AnswerComparer.Compare(Node.Number(hours), number, context, budget);
        }

        return time.Name.EndsWith('?') && parts[2] == "00"
            ? AnswerComparer.Compare(Node.Of(NodeKind.Ratio, Node.Number(hours), Node.Number(minutes)), number, context, budget)
            : Comparison.Different("shape");
    }

    private static Comparison Either(Node one, Node two, Node number, AnswerContext context, Budget budget)
    {
        var first = AnswerComparer.Compare(one, number, context, budget);
        return first.IsSame ? first : AnswerComparer.Compare(two, number, context, budget);
    }
}
