using System.Numerics;
using System.Text;

namespace ReSTEM.Answers;

/// <summary>A sum of terms, coefficient times monomial, sorted by monomial: equal polynomials have equal terms.</summary>
/// <remarks>
/// Exponents may be negative or fractional. Every product applies the relations of the atoms: i^2 = -1, a whole power
/// of a prime joins the coefficient, a whole power of a radical becomes its radicand.
/// </remarks>
internal sealed class Polynomial
{
    internal static readonly Polynomial Zero = new([]);
    internal static readonly Polynomial One = Constant(Rational.One);

    private Polynomial((Monomial Monomial, Rational Coefficient)[] terms) => Terms = terms;

    internal (Monomial Monomial, Rational Coefficient)[] Terms { get; }

    internal bool IsZero => Terms.Length == 0;

    internal bool IsOne => Terms.Length == 1 && Terms[0].Monomial.IsOne && Terms[0].Coefficient.IsOne;

    internal bool IsSingleTerm => Terms.Length == 1;

    /// <summary>The value when it is a plain rational number.</summary>
    internal Rational? AsRational => Terms.Length switch
    {
        0 => Rational.Zero,
        1 when Terms[0].Monomial.IsOne => Terms[0].Coefficient,
        _ => null,
    };

    internal Rational LeadingCoefficient => IsZero ? Rational.Zero : Terms[0].Coefficient;

    internal static Polynomial Constant(Rational value) => value.IsZero ? Zero : new([(Monomial.One, value)]);

    /// <summary>One term; the atoms' relations must already hold in it.</summary>
    internal static Polynomial Term(Monomial monomial, Rational coefficient) =>
        coefficient.IsZero ? Zero : new([(monomial, coefficient)]);

    internal static Polynomial Of(Atom atom) => Term(Monomial.Of(atom, Exponent.One), Rational.One);

    /// <summary>A polynomial from terms in any order, monomials repeated or not.</summary>
    internal static Polynomial Sum(IEnumerable<(Monomial Monomial, Rational Coefficient)> terms)
    {
        var sums = new Dictionary<Monomial, Rational>();
        foreach (var (monomial, coefficient) in terms)
        {
            sums[monomial] = sums.TryGetValue(monomial, out var sum) ? sum + coefficient : coefficient;
        }

        return FromSums(sums);
    }

    internal Polynomial Plus(Polynomial other, Budget budget)
    {
        budget.Spend(1 + ((Size + other.Size) / 2));
        var merged = new List<(Monomial, Rational)>(Terms.Length + other.Terms.Length);
        int left = 0;
        int right = 0;
        while (left < Terms.Length && right < other.Terms.Length)
        {
            int order = Terms[left].Monomial.CompareTo(other.Terms[right].Monomial);
            if (order < 0)
            {
                merged.Add(Terms[left++]);
            }
            else if (order > 0)
            {
                merged.Add(other.Terms[right++]);
            }
            else
            {
                var sum = Terms[left].Coefficient + other.Terms[right].Coefficient;
                budget.SpendOn(sum);
                if (!sum.IsZero)
                {
                    merged.Add((Terms[left].Monomial, sum));
                }

                left++;
                right++;
            }
        }

        merged.AddRange(Terms.AsSpan(left));
        merged.AddRange(other.Terms.AsSpan(right));
        return new Polynomial([.. merged]);
    }

    internal Polynomial Negated() => Scaled(Rational.MinusOne);

    internal Polynomial Minus(Polynomial other, Budget budget) => Plus(other.Negated(), budget);

    internal Polynomial Scaled(Rational factor)
    {
        if (factor.IsZero)
        {
            return Zero;
        }

        return factor.IsOne
            ? this
            : new([.. Terms.Select(term => (term.Monomial, term.Coefficient * factor))]);
    }

    /// <summary>The same, with its cost paid.</summary>
    private Polynomial Scaled(Rational factor, Budget budget)
    {
        budget.Spend(1 + (Size / 2));
        foreach (var (_, coefficient) in Terms)
        {
            budget.SpendOn(coefficient);
            budget.SpendOn(factor);
        }

        return Scaled(factor);
    }

    internal Polynomial Times(Polynomial other, Budget budget)
    {
        if (IsZero || other.IsZero)
        {
            return Zero;
        }

        if (AsRational is { } left)
        {
            return other.Scaled(left, budget);
        }

        if (other.AsRational is { } right)
        {
            return Scaled(right, budget);
        }

        var sums = new Dictionary<Monomial, Rational>();
        var rest = Zero;
        foreach (var (monomial, coefficient) in Terms)
        {
            foreach (var (otherMonomial, otherCoefficient) in other.Terms)
            {
                var product = coefficient * otherCoefficient;
                budget.Spend(2 + ((monomial.Factors.Length + otherMonomial.Factors.Length) / 2));
                budget.SpendOn(product);
                var (reduced, factor, radicands) = AtomRelations.Apply(monomial.Times(otherMonomial), budget);
                product *= factor;
                if (radicands is null)
                {
                    sums[reduced] = sums.TryGetValue(reduced, out var sum) ? sum + product : product;
                }
                else
                {
                    rest = rest.Plus(Term(reduced, product).Times(radicands, budget), budget);
                }
            }
        }

        return FromSums(sums).Plus(rest, budget);
    }

    /// <summary>Factors of all terms: what one look at the polynomial costs.</summary>
    internal long Size => Terms.Sum(static term => 1L + term.Monomial.Factors.Length);

    /// <summary>About how many characters it takes to write the polynomial.</summary>
    internal long WrittenLength => Terms.Sum(static term => 4 + (term.Coefficient.BitCount / 3) + term.Monomial.WrittenLength);

    /// <summary>This polynomial to a whole power of 0 or more, by repeated squaring.</summary>
    internal Polynomial Power(long exponent, Budget budget)
    {
        var result = One;
        var square = this;
        while (exponent > 0)
        {
            if ((exponent & 1) == 1)
            {
                result = result.Times(square, budget);
            }

            exponent >>= 1;
            square = exponent > 0 ? square.Times(square, budget) : square;
        }

        return result;
    }

    /// <summary>The positive rational c such that this is c times a polynomial with coprime whole coefficients.</summary>
    internal Rational Content()
    {
        var numerator = BigInteger.Zero;
        var denominator = BigInteger.One;
        foreach (var (_, coefficient) in Terms)
        {
            numerator = BigInteger.GreatestCommonDivisor(numerator, coefficient.Numerator);
            denominator = denominator / BigInteger.GreatestCommonDivisor(denominator, coefficient.Denominator)
                * coefficient.Denominator;
        }

        return IsZero ? Rational.One : new Rational(numerator, denominator);
    }

    /// <summary>This polynomial times the monomial that clears its negative powers of variables, and that monomial's inverse.</summary>
    internal (Polynomial Polynomial, Polynomial Inverse) WithoutNegativePowers(Budget budget)
    {
        var lowest = new SortedDictionary<Atom, Exponent>();
        foreach (var (monomial, _) in Terms)
        {
            foreach (var (atom, power) in monomial.Factors)
            {
                if (power.Numerator < 0 && (!lowest.TryGetValue(atom, out var least) || (least + -power).Numerator > 0))
                {
                    lowest[atom] = power;
                }
            }
        }

        if (lowest.Count == 0)
        {
            return (this, One);
        }

        var inverse = new Monomial([.. lowest.Select(static pair => (pair.Key, pair.Value))]);
        return (Times(Term(inverse.RaisedTo(new Exponent(-1, 1)), Rational.One), budget), Term(inverse, Rational.One));
    }

    internal bool SameAs(Polynomial other)
    {
        if (Terms.Length != other.Terms.Length)
        {
            return false;
        }

        for (int index = 0; index < Terms.Length; index++)
        {
            if (Terms[index].Coefficient != other.Terms[index].Coefficient
                || !Terms[index].Monomial.Equals(other.Terms[index].Monomial))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether some atom is a variable or holds one.</summary>
    internal bool HasVariable() => Any(static factor => factor.Atom.IsVariable);

    internal bool Any(Func<(Atom Atom, Exponent Power), bool> test)
    {
        foreach (var (monomial, _) in Terms)
        {
            foreach (var factor in monomial.Factors)
            {
                if (test(factor))
                {
                    return true;
                }
            }
        }

        return false;
    }

    public override string ToString()
    {
        if (IsZero)
        {
            return "0";
        }

        var text = new StringBuilder();
        foreach (var (monomial, coefficient) in Terms)
        {
            text.Append(text.Length == 0 ? "" : " + ");
            text.Append(monomial.IsOne ? coefficient.ToString()
                : coefficient.IsOne ? monomial.ToString() : $"{coefficient}*{monomial}");
        }

        return text.ToString();
    }

    private static Polynomial FromSums(Dictionary<Monomial, Rational> sums)
    {
        var terms = new List<(Monomial Monomial, Rational Coefficient)>(sums.Count);
        foreach (var (monomial, coefficient) in sums)
        {
            if (!coefficient.IsZero)
            {
                terms.Add((monomial, coefficient));
            }
        }

        terms.Sort(static (left, right) => left.Monomial.CompareTo(right.Monomial));
        return new Polynomial([.. terms]);
    }
}
