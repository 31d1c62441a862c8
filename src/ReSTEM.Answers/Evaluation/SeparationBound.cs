namespace ReSTEM.Answers;

/// <summary>How close to 0 a number built from whole numbers by + - * / and roots can be without being 0.</summary>
/// <remarks>
/// The bound of Burnikel, Fleischer, Mehlhorn and Schirra, "A strong and easily computable separation bound for arithmetic expressions
/// involving radicals" (Algorithmica 27, 2000): with u and l as below and D the product of the degrees of all roots, such a number E is 0 or
/// |E| >= 1 / (l(E) u(E)^(D^2 - 1)). Here u and l are kept as logarithms to base 2, rounded up.
/// </remarks>
internal static class SeparationBound
{
    private const double Slack = 1 + 1e-9;

    /// <summary>Bits b such that the difference of the two is 0 or at least 2^-b; null where they are not built that way.</summary>
    internal static double? Of(Node left, Node right)
    {
        double degree = 1;
        if (Of(left, ref degree) is not { } a || Of(right, ref degree) is not { } b)
        {
            return null;
        }

        var (upper, lower) = Sum(a, b);
        return ((lower + (upper * ((degree * degree) - 1))) * Slack) + 1;
    }

    private static (double Upper, double Lower)? Of(Node node, ref double degree)
    {
        switch (node.Kind)
        {
            case NodeKind.Number:
                return (node.Value.Numerator.IsZero ? 0 : System.Numerics.BigInteger.Abs(node.Value.Numerator).GetBitLength(), node.Value.Denominator.IsOne ? 0 : node.Value.Denominator.GetBitLength());
            case NodeKind.Negation:
                return Of(node.Items[0], ref degree);
            case NodeKind.Sum:
                return Fold(node, Sum, ref degree);
            case NodeKind.Product:
                return Fold(node, static (a, b) => (a.Upper + b.Upper, a.Lower + b.Lower), ref degree);
            case NodeKind.Quotient:
                return Fold(node, static (a, b) => (a.Upper + b.Lower, a.Lower + b.Upper), ref degree);
            case NodeKind.Root when Of(node.Items[0], ref degree) is { } inside && Value(node.Items[1]) is { Sign: > 0, IsInteger: true } index:
                degree *= (double)index.Numerator;
                return (inside.Upper / (double)index.Numerator, inside.Lower / (double)index.Numerator);
            case NodeKind.Power when Of(node.Items[0], ref degree) is { } basis && Value(node.Items[1]) is { } exponent:
                degree *= (double)exponent.Denominator;
                double power = (double)exponent.Absolute.Numerator / (double)exponent.Denominator;
                var (upper, lower) = (basis.Upper * power, basis.Lower * power);
                return exponent.Sign < 0 ? (lower, upper) : (upper, lower);
            default:
                return null;
        }
    }

    private static (double Upper, double Lower)? Fold(
        Node node, Func<(double Upper, double Lower), (double Upper, double Lower), (double Upper, double Lower)> join, ref double degree)
    {
        var result = Of(node.Items[0], ref degree);
        for (int index = 1; index < node.Items.Length && result is not null; index++)
        {
            result = Of(node.Items[index], ref degree) is { } next ? join(result.Value, next) : null;
        }

        return result;
    }

    private static (double Upper, double Lower) Sum((double Upper, double Lower) a, (double Upper, double Lower) b) =>
        (Math.Max(a.Upper + b.Lower, a.Lower + b.Upper) + 1, a.Lower + b.Lower);

    private static Rational? Value(Node node) => node.Kind switch
    {
        NodeKind.Number => node.Value,
        NodeKind.Negation => Value(node.Items[0]) is { } value ? -value : null,
        NodeKind.Quotient when node.Items.Length == 2 => Value(node.Items[0]) is { } top && Value(node.Items[1]) is { IsZero: false } below ? top / below : null,
        _ => null,
    };
}
