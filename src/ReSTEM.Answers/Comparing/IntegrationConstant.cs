namespace ReSTEM.Answers;

/// <summary>The constant of an indefinite integral: C and c are one name where the problem asks for an antiderivative.</summary>
internal static class IntegrationConstant
{
    /// <summary>The answer with its constant called as in the reference; unchanged where either holds the other's letter besides.</summary>
    internal static Node Named(Node answer, Node reference, AnswerContext context, Budget budget) =>
        context.AsksForAntiderivative && Of(answer) is { } own && Of(reference) is { } other && own != other
        && !Holds(answer, other) && !Holds(reference, own)
            ? Switches.Substitute(answer, own, Node.Symbol(other), budget)
            : answer;

    /// <summary>C or c as a summand of a value, or of the last side of an equation.</summary>
    private static string? Of(Node node) => node.Is(NodeKind.Relation) ? Of(node.Items[^1])
        : node.Is(NodeKind.Sum) ? Array.Find(node.Items, static item => item is { Kind: NodeKind.Symbol, Name: "C" or "c" })?.Name : null;

    private static bool Holds(Node node, string name) => node.IsSymbol(name) || Array.Exists(node.Items, item => Holds(item, name));
}
