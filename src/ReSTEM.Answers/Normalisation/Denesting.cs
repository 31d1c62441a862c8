namespace ReSTEM.Answers;

/// <summary>Square roots of a + b*sqrt(c) as sums of simpler roots.</summary>
/// <remarks>With d = sqrt(a^2 - b^2 c) rational: sqrt(a + b sqrt(c)) = sqrt((a + d)/2) + sign(b) sqrt((a - d)/2), for a &gt; 0.</remarks>
internal static class Denesting
{
    /// <summary>sum^(p/2) without the nesting; null when the rule does not apply.</summary>
    internal static Form? SquareRoot(Polynomial sum, Exponent exponent, Budget budget)
    {
        if (exponent.Denominator != 2 || sum.Terms.Length != 2
            || sum.Any(static factor => factor.Atom.Kind != AtomKind.Prime || factor.Power.Denominator != 2))
        {
            return null;
        }

        var rational = sum.Terms.FirstOrDefault(static term => term.Monomial.IsOne);
        var surd = sum.Terms.First(static term => !term.Monomial.IsOne);
        Form? root = rational.Monomial is null
            ? null
            : Split(rational.Coefficient, Polynomial.Term(surd.Monomial, surd.Coefficient), budget);
        return root?.Power(exponent.Numerator, budget);
    }

    private static Form? Split(Rational a, Polynomial surd, Budget budget)
    {
        if (a.Sign <= 0 || surd.Times(surd, budget).AsRational is not { } square)
        {
            return null;
        }

        var difference = (a * a) - square;
        if (difference.Sign < 0
            || Factoring.ExactRoot(difference.Numerator, 2) is not { } above
            || Factoring.ExactRoot(difference.Denominator, 2) is not { } below)
        {
            return null;
        }

        var d = new Rational(above, below);
        var half = new Exponent(1, 2);
        var larger = Roots.OfRational((a + d) / 2, half, budget);
        var smaller = (a - d).IsZero ? Form.Zero : Roots.OfRational((a - d) / 2, half, budget);
        return surd.LeadingCoefficient.Sign > 0 ? larger.Plus(smaller, budget) : larger.Minus(smaller, budget);
    }
}
