namespace ReSTEM.Answers;

/// <summary>A decimal literal with its sign and power of ten.</summary>
/// <param name="Value">Exactly what is written.</param>
/// <param name="Places">Digits after the point; negative when the last digit stands for a power of ten.</param>
/// <param name="SignificantDigits">Digits shown from the first that is not 0.</param>
/// <param name="IsCut">Whether dots follow.</param>
/// <param name="Continued">The value if the last digit, shown twice before the dots, goes on for ever.</param>
internal readonly record struct DecimalLiteral(Rational Value, int Places, int SignificantDigits, bool IsCut, Rational? Continued = null)
{
    /// <summary>The size of one unit in the last place.</summary>
    internal Rational LastPlace => new Rational(10).Power(-Places);

    /// <summary>The literal that a node is: a decimal, its negative, its percentage or its product with a power of ten; else null.</summary>
    internal static DecimalLiteral? Of(Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.Number when node.Numeral.IsDecimal:
                return new DecimalLiteral(node.Value, node.Numeral.Places, node.Numeral.SignificantDigits, node.Numeral.IsCut, node.Numeral.Continued);
            case NodeKind.Negation when Of(node.Items[0]) is { } positive:
                return positive with { Value = -positive.Value, Continued = positive.Continued is { } value ? -value : null };
            case NodeKind.Percent when Of(node.Items[0]) is { } percent:
                return percent with { Value = percent.Value / 100, Places = percent.Places + 2, Continued = percent.Continued is { } hundredfold ? hundredfold / 100 : null };
            case NodeKind.Product when node.Items is [var mantissa, { Kind: NodeKind.Power } power] && Of(mantissa) is { } scaled
                && power.Items[0] is { Kind: NodeKind.Number } ten && ten.Value == 10 && Whole(power.Items[1]) is { } exponent:
                return scaled with { Value = scaled.Value * new Rational(10).Power(exponent), Places = scaled.Places - exponent, Continued = null };
            default:
                return null;
        }
    }

    private static int? Whole(Node node) => node.Kind switch
    {
        NodeKind.Number when node.Value.IsInteger && node.Value < 10_000 => (int)node.Value.Numerator,
        NodeKind.Negation when Whole(node.Items[0]) is { } positive => -positive,
        _ => null,
    };
}
