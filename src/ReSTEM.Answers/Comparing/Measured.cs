namespace ReSTEM.Answers;

/// <summary>A scalar answer taken apart: its value and the marks around it that an answer may leave out.</summary>
/// <param name="Value">What is left.</param>
/// <param name="Unit">The outermost unit or description; null when there is none.</param>
/// <param name="IsPercent">Whether a percent sign stood on it.</param>
/// <param name="IsDegree">Whether a degree sign stood on it, or on every number of a sum.</param>
internal readonly record struct Measured(Node Value, Unit? Unit, bool IsPercent, bool IsDegree)
{
    internal static Measured Of(Node node)
    {
        Unit? unit = null;
        bool percent = false;
        bool degree = false;
        bool negative = false;
        while (true)
        {
            switch (node.Kind)
            {
                case NodeKind.Quantity when unit is null && IsDegrees(node.Unit):
                    degree = true;
                    break;
                case NodeKind.Quantity:
                    unit ??= node.Unit;
                    break;
                case NodeKind.Percent:
                    percent = true;
                    break;
                case NodeKind.Degree:
                    degree = true;
                    break;
                case NodeKind.Negation when node.Items[0].Kind is NodeKind.Quantity or NodeKind.Percent or NodeKind.Degree:
                    negative = !negative;
                    break;
                default:
                    var value = degree ? null : WithoutDegrees(node);
                    node = value ?? node;
                    return new Measured(negative ? Node.Of(NodeKind.Negation, node) : node, unit, percent, degree || value is not null);
            }

            node = node.Items[0];
        }
    }

    /// <summary>Whether a unit is the word for the degree sign, and nothing else is said.</summary>
    private static bool IsDegrees(Unit unit) => unit is { Dimension: "angle^1", Size.IsOne: true, Label: "", Per: "" };

    /// <summary>A number and the letters of its unit, as 12 m in plain text, as a quantity; null for other trees.</summary>
    internal static Node? Spelled(Node node)
    {
        if (node.Is(NodeKind.Quantity) || node.Unit.Words is null)
        {
            return null;
        }

        var first = node;
        bool negative = false;
        while (!first.Is(NodeKind.Number))
        {
            negative ^= first.Is(NodeKind.Negation);
            first = first.Items[0];
        }

        return Node.Quantity(negative ? Node.Of(NodeKind.Negation, first) : first, node.Unit);
    }

    /// <summary>
    /// A sum of angles without its degree signs, where each of its numbers has one: 90° - a/2. Null when there is none or a number without.
    /// </summary>
    private static Node? WithoutDegrees(Node node)
    {
        if (node.Kind is not (NodeKind.Sum or NodeKind.Negation or NodeKind.Product or NodeKind.Quotient) || !HasDegree(node))
        {
            return null;
        }

        switch (node.Kind)
        {
            case NodeKind.Sum when Array.TrueForAll(node.Items, static item => HasDegree(item) || HasLetter(item)):
            case NodeKind.Negation:
                return node.With([.. node.Items.Select(Stripped)]);
            case NodeKind.Quotient when !HasDegree(node.Items[1]):
                return node.With([Stripped(node.Items[0]), node.Items[1]]);
            case NodeKind.Product when node.Items.Count(HasDegree) == 1:
                return node.With([.. node.Items.Select(Stripped)]);
            default:
                return null;
        }
    }

    private static Node Stripped(Node node) => node.Is(NodeKind.Degree) ? node.Items[0] : WithoutDegrees(node) ?? node;

    /// <summary>Whether a degree sign stands here outside functions, whose arguments are angles of their own.</summary>
    private static bool HasDegree(Node node) => node.Is(NodeKind.Degree) || (!node.Is(NodeKind.Call) && Array.Exists(node.Items, HasDegree));

    private static bool HasLetter(Node node) => node.Kind is NodeKind.Symbol or NodeKind.Call || Array.Exists(node.Items, HasLetter);
}
