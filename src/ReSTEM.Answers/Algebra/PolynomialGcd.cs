namespace ReSTEM.Answers;

/// <summary>The greatest common divisor of polynomials in variables with whole exponents from 0 up.</summary>
/// <remarks>
/// Primitive remainder sequences, one variable at a time: gcd(a, b) = gcd of contents times the last primitive remainder
/// (Collins 1967; Knuth, The Art of Computer Programming 2, section 4.6.1).
/// </remarks>
internal static class PolynomialGcd
{
    /// <summary>Steps that a reduction may take before it is given up; the fraction then stays as it is.</summary>
    private const long MaxSteps = 20_000;

    /// <summary>Numerator and denominator without their common divisor; null when there are other atoms or too much work.</summary>
    internal static (Polynomial Numerator, Polynomial Denominator)? Reduce(Polynomial numerator, Polynomial denominator, Budget budget) =>
        IsPlain(numerator) && IsPlain(denominator)
            ? budget.Optionally(MaxSteps, allowance => Reduced(numerator, denominator, allowance)) // an unreduced fraction is still right, it only has no key
            : null;

    private static (Polynomial Numerator, Polynomial Denominator)? Reduced(Polynomial numerator, Polynomial denominator, Budget budget)
    {
        var divisor = Of(numerator, denominator, budget);
        if (divisor.AsRational is not null)
        {
            return (numerator, denominator);
        }

        return Quotient(numerator, divisor, budget) is { } above && Quotient(denominator, divisor, budget) is { } below ? (above, below) : null;
    }

    /// <summary>a / b when b divides a, else null.</summary>
    internal static Polynomial? Quotient(Polynomial a, Polynomial b, Budget budget)
    {
        var quotient = Polynomial.Zero;
        while (!a.IsZero)
        {
            budget.Spend(a.Size);
            var (monomial, coefficient) = a.Terms[0];
            var power = monomial.Times(b.Terms[0].Monomial.RaisedTo(new Exponent(-1, 1)));
            if (Array.Exists(power.Factors, static factor => factor.Power.Numerator < 0))
            {
                return null;
            }

            var term = Polynomial.Term(power, coefficient / b.LeadingCoefficient);
            quotient = quotient.Plus(term, budget);
            a = a.Minus(term.Times(b, budget), budget);
        }

        return quotient;
    }

    private static bool IsPlain(Polynomial polynomial) => !polynomial.Any(static factor =>
        factor.Atom.Kind != AtomKind.Variable || !factor.Power.IsInteger || factor.Power.Numerator < 0);

    private static Polynomial Of(Polynomial a, Polynomial b, Budget budget)
    {
        if (a.IsZero || b.IsZero)
        {
            return a.IsZero ? b : a;
        }

        budget.Spend(2 * (a.Size + b.Size));
        if (MainVariable(a, b) is not { } variable)
        {
            return Polynomial.One;
        }

        var contentA = Content(a, variable, budget);
        var contentB = Content(b, variable, budget);
        var content = Of(contentA, contentB, budget);
        var first = Quotient(a, contentA, budget)!;
        var second = Quotient(b, contentB, budget)!;
        if (Degree(first, variable) < Degree(second, variable))
        {
            (first, second) = (second, first);
        }

        while (!second.IsZero && Degree(second, variable) > 0)
        {
            var rest = Remainder(first, second, variable, budget);
            (first, second) = (second, rest.IsZero ? rest : Primitive(rest, variable, budget));
        }

        var common = second.IsZero ? Primitive(first, variable, budget) : Polynomial.One;
        return content.Times(common, budget);
    }

    private static Polynomial Primitive(Polynomial polynomial, Atom variable, Budget budget)
    {
        var primitive = Quotient(polynomial, Content(polynomial, variable, budget), budget)!;
        return primitive.Scaled(primitive.Content().Inverse);
    }

    /// <summary>The common divisor of the coefficients of powers of the variable.</summary>
    private static Polynomial Content(Polynomial polynomial, Atom variable, Budget budget)
    {
        var content = Polynomial.Zero;
        budget.Spend(3 * polynomial.Size);
        foreach (var coefficient in Coefficients(polynomial, variable).Values)
        {
            content = Of(content, coefficient, budget);
            if (content.AsRational is not null && !content.IsZero)
            {
                return Polynomial.One;
            }
        }

        return content;
    }

    /// <summary>The pseudo-remainder: a times a power of b's leading coefficient, modulo b.</summary>
    private static Polynomial Remainder(Polynomial a, Polynomial b, Atom variable, Budget budget)
    {
        long degree = Degree(b, variable);
        var leading = Coefficients(b, variable)[degree];
        while (!a.IsZero && Degree(a, variable) is var current && current >= degree)
        {
            budget.Spend(3 * a.Size);
            var top = Coefficients(a, variable)[current];
            var shift = Polynomial.Term(Monomial.Of(variable, new Exponent(current - degree, 1)), Rational.One);
            a = a.Times(leading, budget).Minus(b.Times(top, budget).Times(shift, budget), budget);
        }

        return a;
    }

    private static Dictionary<long, Polynomial> Coefficients(Polynomial polynomial, Atom variable) => polynomial.Terms
        .GroupBy(term => term.Monomial.PowerOf(variable).Numerator)
        .ToDictionary(
            static group => group.Key,
            group => Polynomial.Sum(group.Select(term => (term.Monomial.Without(variable), term.Coefficient))));

    private static long Degree(Polynomial polynomial, Atom variable) =>
        polynomial.IsZero ? -1 : polynomial.Terms.Max(term => term.Monomial.PowerOf(variable).Numerator);

    private static Atom? MainVariable(Polynomial a, Polynomial b)
    {
        Atom? main = null;
        foreach (var (monomial, _) in a.Terms.Concat(b.Terms))
        {
            foreach (var (atom, _) in monomial.Factors)
            {
                main = main is null || atom.CompareTo(main) < 0 ? atom : main;
            }
        }

        return main;
    }
}
