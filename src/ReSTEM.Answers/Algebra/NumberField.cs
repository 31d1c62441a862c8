namespace ReSTEM.Answers;

/// <summary>Reciprocals of sums of roots and i, by conjugates: the step known as rationalising a denominator.</summary>
internal static class NumberField
{
    /// <summary>1/value when every atom is i or a root of a prime; null when it holds something else or is too large.</summary>
    /// <exception cref="UndefinedException">A conjugate product is 0, so the value is.</exception>
    internal static Polynomial? Inverse(Polynomial value, Budget budget)
    {
        if (value.Any(static factor => factor.Atom.Kind is not (AtomKind.ImaginaryUnit or AtomKind.Prime)))
        {
            return null;
        }

        var numerator = Polynomial.One;
        while (value.AsRational is null)
        {
            var (atom, degree) = Generator(value);
            var conjugates = Conjugates(value, atom, degree, budget);
            if (conjugates is null)
            {
                return null;
            }

            numerator = numerator.Times(conjugates, budget);
            value = value.Times(conjugates, budget);
            if (value.IsZero)
            {
                throw new UndefinedException("division by zero");
            }
        }

        return numerator.Scaled(value.AsRational!.Value.Inverse);
    }

    /// <summary>The first atom of the value and the degree of the root that it appears in.</summary>
    private static (Atom Atom, long Degree) Generator(Polynomial value)
    {
        Atom? first = null;
        long degree = 1;
        foreach (var (monomial, _) in value.Terms)
        {
            foreach (var (atom, power) in monomial.Factors)
            {
                first ??= atom;
                if (atom.Equals(first))
                {
                    long divisor = (long)System.Numerics.BigInteger.GreatestCommonDivisor(degree, power.Denominator);
                    degree = degree / divisor * power.Denominator;
                }
            }
        }

        return (first!, first!.Kind == AtomKind.ImaginaryUnit ? 2 : degree);
    }

    /// <summary>The product of the other conjugates of value = sum of d_k t^k over t = atom^(1/degree), so that t leaves the product.</summary>
    private static Polynomial? Conjugates(Polynomial value, Atom atom, long degree, Budget budget)
    {
        if (degree == 2)
        {
            return Polynomial.Sum(value.Terms.Select(term => (
                term.Monomial,
                term.Monomial.PowerOf(atom).IsZero ? term.Coefficient : -term.Coefficient)));
        }

        return degree <= MaxDegree ? RootConjugates.Product(value, atom, (int)degree, budget) : null;
    }

    private const long MaxDegree = 6;
}
