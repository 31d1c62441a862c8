using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>Polynomials in one variable with rational coefficients, the lowest power first.</summary>
internal static class UnivariatePolynomial
{
    private const int MaxDegree = 12;
    private const int MaxCandidates = 2_000;

    /// <summary>The coefficients, or null when the polynomial has other variables, constants that are not rational or a degree above 12.</summary>
    internal static Rational[]? Of(Polynomial polynomial, string name)
    {
        var coefficients = new List<Rational>();
        foreach (var (monomial, coefficient) in polynomial.Terms)
        {
            long power = 0;
            if (!monomial.IsOne)
            {
                if (monomial.Factors is not [var (atom, exponent)] || atom.Kind != AtomKind.Variable || atom.Key != name
                    || !exponent.IsInteger || exponent.Numerator is < 0 or > MaxDegree)
                {
                    return null;
                }

                power = exponent.Numerator;
            }

            while (coefficients.Count <= power)
            {
                coefficients.Add(Rational.Zero);
            }

            coefficients[(int)power] += coefficient;
        }

        return [.. coefficients];
    }

    internal static Rational At(Rational[] coefficients, Rational x)
    {
        var value = Rational.Zero;
        for (int power = coefficients.Length - 1; power >= 0; power--)
        {
            value = (value * x) + coefficients[power];
        }

        return value;
    }

    /// <summary>
    /// The distinct real roots as trees, rational ones first; null when a factor of degree above 2 without rational roots is left. The zero
    /// polynomial has none.
    /// </summary>
    internal static List<Node>? RealRoots(Rational[] coefficients, Budget budget)
    {
        var rest = Trimmed(coefficients);
        var roots = new List<Node>();
        while (rest.Length > 3)
        {
            if (RationalRoot(rest, budget) is not { } root)
            {
                return null;
            }

            roots.Add(Number(root));
            while (rest.Length > 1 && At(rest, root).IsZero)
            {
                rest = DividedByRoot(rest, root);
            }
        }

        if (rest.Length == 2)
        {
            roots.Add(Number(-(rest[0] / rest[1])));
        }
        else if (rest.Length == 3)
        {
            roots.AddRange(Quadratic(rest[2], rest[1], rest[0]));
        }

        return roots;
    }

    private static List<Node> Quadratic(Rational a, Rational b, Rational c)
    {
        var middle = -(b / (a * 2));
        var square = (middle * middle) - (c / a);
        if (square.Sign <= 0)
        {
            return square.Sign < 0 ? [] : [Number(middle)];
        }

        var root = Node.Of(NodeKind.Root, Number(square), Node.Number(2));
        return [Node.Of(NodeKind.Sum, Number(middle), Node.Of(NodeKind.Negation, root)), Node.Of(NodeKind.Sum, Number(middle), root)];
    }

    /// <summary>A root p/q: p divides the constant and q the leading coefficient, both made whole.</summary>
    private static Rational? RationalRoot(Rational[] coefficients, Budget budget)
    {
        if (coefficients[0].IsZero)
        {
            return Rational.Zero;
        }

        var common = coefficients.Aggregate(BigInteger.One, static (all, next) => all / BigInteger.GreatestCommonDivisor(all, next.Denominator) * next.Denominator);
        var constant = BigInteger.Abs((coefficients[0] * new Rational(common)).Numerator);
        var leading = BigInteger.Abs((coefficients[^1] * new Rational(common)).Numerator);
        int tried = 0;
        foreach (var below in Divisors(leading))
        {
            foreach (var above in Divisors(constant))
            {
                budget.Spend(2 * coefficients.Length);
                foreach (var candidate in (ReadOnlySpan<Rational>)[new Rational(above, below), new Rational(-above, below)])
                {
                    if (At(coefficients, candidate).IsZero)
                    {
                        return candidate;
                    }
                }

                if (++tried > MaxCandidates)
                {
                    return null;
                }
            }
        }

        return null;
    }

    /// <summary>Divisors up to 1000, and their complements.</summary>
    private static IEnumerable<BigInteger> Divisors(BigInteger number)
    {
        for (int divisor = 1; divisor <= 1000 && divisor <= number; divisor++)
        {
            if ((number % divisor).IsZero)
            {
                yield return divisor;
                yield return number / divisor;
            }
        }
    }

    private static Rational[] DividedByRoot(Rational[] coefficients, Rational root)
    {
        var quotient = new Rational[coefficients.Length - 1];
        var carry = Rational.Zero;
        for (int power = coefficients.Length - 1; power > 0; power--)
        {
            carry = coefficients[power] + (carry * root);
            quotient[power - 1] = carry;
        }

        return quotient;
    }

    private static Rational[] Trimmed(Rational[] coefficients)
    {
        int length = coefficients.Length;
        while (length > 0 && coefficients[length - 1].IsZero)
        {
            length--;
        }

        return coefficients[..length];
    }

    private static Node Number(Rational value) => new() { Kind = NodeKind.Number, Value = value };
}
