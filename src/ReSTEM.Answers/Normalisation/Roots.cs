using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>Rational powers of normal forms: prime factors of numbers, exponents of monomials, radicals of sums, denesting.</summary>
internal static class Roots
{
    /// <summary>form^(p/q) in lowest terms with q at least 2; null when no exact rule applies.</summary>
    /// <remarks>
    /// Even roots of squares of variables are absolute values; odd roots of negative numbers are real; x^(1/2) times
    /// x^(1/2) is x, which holds wherever the left side is real.
    /// </remarks>
    /// <exception cref="UndefinedException">A negative power of 0.</exception>
    internal static Form? Power(Form form, Exponent exponent, Budget budget)
    {
        if (form.Numerator.IsZero)
        {
            return exponent.Numerator > 0 ? Form.Zero : throw new UndefinedException("division by zero");
        }

        if (form.Denominator.IsOne && form.Numerator.IsSingleTerm)
        {
            return OfTerm(form.Numerator.Terms[0], exponent, budget);
        }

        if (!form.Denominator.IsOne)
        {
            return form.HasVariable && exponent.Denominator % 2 == 0 && form.Denominator.LeadingCoefficient.Sign < 0
                ? null
                : Power(new Form(form.Numerator), exponent, budget) is { } above
                    && Power(new Form(form.Denominator), exponent, budget) is { } below && !form.HasVariable
                        ? Ratio(form, above, below, budget)
                        : null;
        }

        return Denesting.SquareRoot(form.Numerator, exponent, budget) ?? OfSum(form.Numerator, exponent, budget);
    }

    /// <summary>A positive rational number to a rational power.</summary>
    internal static Form OfRational(Rational value, Exponent exponent, Budget budget)
    {
        var result = Polynomial.One;
        foreach (var (number, sign) in ((BigInteger, int)[])[(value.Numerator, 1), (value.Denominator, -1)])
        {
            foreach (var (factor, count, certain) in Factoring.Of(number, budget))
            {
                var power = exponent * new Exponent(sign * count, 1);
                var (monomial, scale, _) = AtomRelations.Apply(Monomial.Of(Atom.Prime(factor, certain), power), budget);
                result = result.Times(Polynomial.Term(monomial, scale), budget);
            }
        }

        return new Form(result);
    }

    private static Form? Ratio(Form form, Form above, Form below, Budget budget) =>
        form.Denominator.LeadingCoefficient.Sign > 0 && form.Denominator.Terms.All(static term => term.Coefficient.Sign > 0)
            ? above.DividedBy(below, budget)
            : null;

    private static Form? OfTerm((Monomial Monomial, Rational Coefficient) term, Exponent exponent, Budget budget)
    {
        var coefficient = term.Coefficient;
        var sign = Form.One;
        if (coefficient.Sign < 0)
        {
            if (exponent.Denominator == 2)
            {
                sign = new Form(Polynomial.Of(Atom.ImaginaryUnit)).Power(exponent.Numerator, budget);
            }
            else if (exponent.Denominator % 2 == 1)
            {
                sign = Form.Of(exponent.Numerator % 2 == 0 ? Rational.One : Rational.MinusOne);
            }
            else
            {
                return null;
            }

            bool real = term.Monomial.Factors.All(static factor => factor.Atom.Kind is AtomKind.Prime or AtomKind.Pi or AtomKind.Euler);
            if (!real && exponent.Denominator % 2 == 0)
            {
                return null; // the sign of the rest is not known
            }
        }

        var result = OfRational(coefficient.Absolute, exponent, budget).Times(sign, budget);
        foreach (var (atom, power) in term.Monomial.Factors)
        {
            if (atom.Kind == AtomKind.ImaginaryUnit || (atom.Kind == AtomKind.Radical && exponent.Numerator < 0))
            {
                return null;
            }

            var raised = power * exponent;
            bool folds = exponent.Denominator % 2 == 0 && power.IsInteger && power.Numerator % 2 == 0 && atom.IsVariable;
            var basis = folds && raised.Numerator % 2 != 0 ? Absolute(atom, budget) : atom;
            result = result.Times(Reduced(Monomial.Of(basis, raised), budget), budget);
        }

        return result;
    }

    private static Form Reduced(Monomial monomial, Budget budget)
    {
        var (reduced, factor, radicands) = AtomRelations.Apply(monomial, budget);
        var term = Polynomial.Term(reduced, factor);
        return new Form(radicands is null ? term : term.Times(radicands, budget));
    }

    private static Atom Absolute(Atom atom, Budget budget)
    {
        if (atom.Kind == AtomKind.Function && atom.Key.StartsWith("abs(", StringComparison.Ordinal))
        {
            return atom;
        }

        budget.SpendOnWriting(atom.Key.Length);
        return new Atom(AtomKind.Function, $"abs({atom.Key})") { IsVariable = true };
    }

    private static Form? OfSum(Polynomial sum, Exponent exponent, Budget budget)
    {
        if (sum.Any(static factor => factor.Atom.Kind == AtomKind.ImaginaryUnit))
        {
            return null;
        }

        var content = sum.Content();
        var primitive = sum.Scaled(content.Inverse);
        var sign = Rational.One;
        if (exponent.Denominator % 2 == 1 && primitive.LeadingCoefficient.Sign < 0)
        {
            primitive = primitive.Negated();
            sign = exponent.Numerator % 2 == 0 ? Rational.One : Rational.MinusOne;
        }

        budget.SpendOnWriting(primitive.WrittenLength);
        var atom = new Atom(AtomKind.Radical, $"[{primitive}]") { Radicand = primitive, IsVariable = primitive.HasVariable() };
        long floor = exponent.Floor;
        var root = new Form(Polynomial.Term(Monomial.Of(atom, exponent + new Exponent(-floor, 1)), sign));
        var whole = new Form(primitive).Power(floor, budget);
        return OfRational(content, exponent, budget).Times(root, budget).Times(whole, budget);
    }
}
