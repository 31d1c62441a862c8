namespace ReSTEM.Answers;

/// <summary>A scalar answer taken apart: its value and the marks around it that an answer may leave out.</summary>
/// <param name="Value">What is left.</param>
/// <param name="Unit">The outermost unit or description; null when there is none.</param>
/// <param name="IsPercent">Whether a percent sign stood on it.</param>
/// <param name="IsDegree">Whether a degree sign stood on it.</param>
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
                    return new Measured(negative ? Node.Of(NodeKind.Negation, node) : node, unit, percent, degree);
            }

            node = node.Items[0];
        }
    }
}
