using System.Collections.Frozen;

namespace ReSTEM.Answers;

/// <summary>Compares words and times of day.</summary>
internal static class Words
{
    private static readonly FrozenSet<string> Kinds = (
        "function number numbers integer integers triangle angle sequence series line lines curve matrix set polynomial variable value"
        + " values event events relation quadrilateral graph solution solutions person day").Split(' ').ToFrozenSet();

    internal static Comparison? Compare(Node left, Node right, AnswerContext context, Budget budget) => (left.Kind, right.Kind) switch
    {
        (NodeKind.Text, NodeKind.Text) => new Comparison(Matches(left.Name, right.Name), "text"),
        (NodeKind.Phrase, NodeKind.Phrase) => Phrases(left, right, context, budget),
        (NodeKind.Phrase, _) or (_, NodeKind.Phrase) => Comparison.Different("words"),
        (NodeKind.Time, NodeKind.Time) => new Comparison(left.Time.Matches(right.Time), "time"),
        (NodeKind.Time, _) when Normaliser.IsScalar(right) => TimeAndNumber(left, right, context, budget),
        (_, NodeKind.Time) when Normaliser.IsScalar(left) => TimeAndNumber(right, left, context, budget),
        (NodeKind.Text, _) when Letters(right) is { } letters => new Comparison(Matches(left.Name, letters), "text"),
        (_, NodeKind.Text) when Letters(left) is { } letters => new Comparison(Matches(right.Name, letters), "text"),
        _ => null,
    };

    private static bool Matches(string left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase)
        || string.Equals(Joined(left), Joined(right), StringComparison.OrdinalIgnoreCase)
        || IsWithKind(left, right) || IsWithKind(right, left);

    /// <summary>odd and odd function: an adjective, and the same before the name of the kind of thing that it describes.</summary>
    private static bool IsWithKind(string adjective, string whole) =>
        whole.Length > adjective.Length + 1 && whole.StartsWith(adjective, StringComparison.OrdinalIgnoreCase) && whole[adjective.Length] == ' '
        && Kinds.Contains(whole[(adjective.Length + 1)..].ToLowerInvariant());

    /// <summary>The same words with the same values at the same places.</summary>
    private static Comparison Phrases(Node left, Node right, AnswerContext context, Budget budget) => new(
        left.Name == right.Name && left.Items.Length == right.Items.Length
            && left.Items.Zip(right.Items).All(pair => AnswerComparer.Compare(pair.First, pair.Second, context, budget).IsSame),
        "words");

    private static string Joined(string words) => words.Replace(" ", "", StringComparison.Ordinal);

    /// <summary>Letters that were read as a name or as a product of variables.</summary>
    private static string? Letters(Node node) => node.Kind switch
    {
        NodeKind.Symbol or NodeKind.Constant => node.Name,
        NodeKind.Product when Array.TrueForAll(node.Items, static item => item.Kind is NodeKind.Symbol or NodeKind.Constant) =>
            string.Concat(node.Items.Select(static item => item.Name)),
        _ => null,
    };

    /// <summary>h:mm as the ratio h to mm, or a whole hour as its number.</summary>
    private static Comparison TimeAndNumber(Node clock, Node number, AnswerContext context, Budget budget)
    {
        var time = clock.Time;
        return time switch
        {
            { Seconds: > 0 } => Comparison.Different("shape"),
            { Minutes: 0, Hours: > 12 } => Either(Node.Number(time.Hours), Node.Number(time.Hours - 12), number, context, budget),
            { Minutes: 0 } => AnswerComparer.Compare(Node.Number(time.Hours), number, context, budget),
            { IsHalfKnown: false } => AnswerComparer.Compare(
                Node.Of(NodeKind.Ratio, Node.Number(time.Hours), Node.Number(time.Minutes)), number, context, budget),
            _ => Comparison.Different("shape"),
        };
    }

    private static Comparison Either(Node one, Node two, Node number, AnswerContext context, Budget budget)
    {
        var first = AnswerComparer.Compare(one, number, context, budget);
        return first.IsSame ? first : AnswerComparer.Compare(two, number, context, budget);
    }
}
