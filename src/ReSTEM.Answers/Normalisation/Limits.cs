namespace ReSTEM.Answers;

/// <summary>Limits of rational functions of one variable: Call "lim" of (body, variable, target).</summary>
internal static class Limits
{
    /// <summary>The limit at a rational number where the reduced denominator is not zero, or at infinity where the degrees decide; else null.</summary>
    internal static Form? Of(Node limit, Budget budget)
    {
        if (limit.Items is not [var body, { Kind: NodeKind.Symbol } variable, var target])
        {
            return null;
        }

        var form = Normaliser.Normalise(body, budget);
        var (above, inverse) = form.Numerator.WithoutNegativePowers(budget); // (x + 2) / x is 1 + 2 x^-1 in normal form
        var below = form.Denominator.Times(Polynomial.Term(inverse.Terms[0].Monomial.RaisedTo(new Exponent(-1, 1)), Rational.One), budget);
        if (UnivariatePolynomial.Of(above, variable.Name) is not { } numerator
            || UnivariatePolynomial.Of(below, variable.Name) is not { } denominator)
        {
            return null;
        }

        if (target.IsConstant("infinity"))
        {
            return numerator.Length < denominator.Length ? Form.Zero
                : numerator.Length == denominator.Length ? Form.Of(numerator[^1] / denominator[^1])
                : null;
        }

        if (Normaliser.Normalise(target, budget).AsRational is not { } point)
        {
            return null;
        }

        budget.SpendBits((double)point.BitCount * (numerator.Length + denominator.Length));
        var divisor = UnivariatePolynomial.At(denominator, point);
        return divisor.IsZero ? null : Form.Of(UnivariatePolynomial.At(numerator, point) / divisor);
    }
}
