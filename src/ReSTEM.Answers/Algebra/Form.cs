namespace ReSTEM.Answers;

/// <summary>An expression as one fraction of polynomials: the normal form of the algebra.</summary>
/// <remarks>
/// A denominator of one term is moved into the numerator; one that is a number of square roots and i is rationalised
/// away. So the denominator is 1 unless it is a true sum with variables or other constants in it.
/// </remarks>
internal sealed class Form
{
    internal static readonly Form Zero = new(Polynomial.Zero);
    internal static readonly Form One = new(Polynomial.One);

    internal Form(Polynomial numerator)
        : this(numerator, Polynomial.One, true)
    {
    }

    private Form(Polynomial numerator, Polynomial denominator, bool isReduced)
    {
        Numerator = numerator;
        Denominator = denominator;
        IsReduced = isReduced;
    }

    /// <summary>Whether numerator and denominator are known to have no common divisor, so that the form is canonical.</summary>
    internal bool IsReduced { get; }

    internal Polynomial Numerator { get; }

    internal Polynomial Denominator { get; }

    /// <summary>The value when it is a plain rational number.</summary>
    internal Rational? AsRational => Denominator.IsOne ? Numerator.AsRational : null;

    internal bool HasVariable => Numerator.HasVariable() || Denominator.HasVariable();

    /// <summary>About how many characters it takes to write the form.</summary>
    internal long WrittenLength => Numerator.WrittenLength + Denominator.WrittenLength;

    internal static Form Of(Rational value) => new(Polynomial.Constant(value));

    internal static Form Of(Atom atom) => new(Polynomial.Of(atom));

    /// <exception cref="UndefinedException">The denominator is 0.</exception>
    internal static Form Fraction(Polynomial numerator, Polynomial denominator, Budget budget)
    {
        if (denominator.IsOne)
        {
            return new Form(numerator);
        }

        if (denominator.IsZero)
        {
            throw new UndefinedException("division by zero");
        }

        if (numerator.IsZero)
        {
            return Zero;
        }

        if (denominator.IsSingleTerm)
        {
            var (inverse, below) = InverseOfTerm(denominator.Terms[0], budget);
            numerator = numerator.Times(inverse, budget);
            return below is null ? new Form(numerator) : Fraction(numerator, below, budget);
        }

        if (NumberField.Inverse(denominator, budget) is { } reciprocal)
        {
            return new Form(numerator.Times(reciprocal, budget));
        }

        budget.Spend(numerator.Size + denominator.Size);
        var lifted = numerator.WithoutNegativePowers(budget);
        var reduced = PolynomialGcd.Reduce(lifted.Polynomial, denominator, budget);
        if (reduced is { } lowest)
        {
            numerator = lowest.Numerator.Times(lifted.Inverse, budget);
            denominator = lowest.Denominator;
            if (denominator.IsSingleTerm)
            {
                return Fraction(numerator, denominator, budget);
            }
        }

        var scale = denominator.Content() * denominator.LeadingCoefficient.Sign;
        return new Form(numerator.Scaled(scale.Inverse), denominator.Scaled(scale.Inverse), reduced is not null);
    }

    internal Form Plus(Form other, Budget budget)
    {
        if (Denominator.SameAs(other.Denominator))
        {
            return Fraction(Numerator.Plus(other.Numerator, budget), Denominator, budget);
        }

        var numerator = Numerator.Times(other.Denominator, budget)
            .Plus(other.Numerator.Times(Denominator, budget), budget);
        return Fraction(numerator, Denominator.Times(other.Denominator, budget), budget);
    }

    internal Form Negated() => new(Numerator.Negated(), Denominator, IsReduced);

    internal Form Minus(Form other, Budget budget) => Plus(other.Negated(), budget);

    internal Form Times(Form other, Budget budget) => Denominator.IsOne && other.Denominator.IsOne
        ? new Form(Numerator.Times(other.Numerator, budget))
        : Fraction(
            Numerator.Times(other.Numerator, budget), Denominator.Times(other.Denominator, budget), budget);

    /// <exception cref="UndefinedException">The divisor is 0.</exception>
    internal Form DividedBy(Form other, Budget budget) => Times(other.Inverse(budget), budget);

    /// <exception cref="UndefinedException">This is 0.</exception>
    internal Form Inverse(Budget budget) => Fraction(Denominator, Numerator, budget);

    /// <summary>A whole power, negative ones included.</summary>
    /// <exception cref="UndefinedException">A negative power of 0.</exception>
    internal Form Power(long exponent, Budget budget)
    {
        var basis = exponent < 0 ? Inverse(budget) : this;
        long count = Math.Abs(exponent);
        return new Form(basis.Numerator.Power(count, budget), basis.Denominator.Power(count, budget), basis.IsReduced);
    }

    public override string ToString() => Denominator.IsOne ? Numerator.ToString() : $"({Numerator})/({Denominator})";

    /// <summary>1/term as numerator term over an optional rest: a root in the term leaves its radicand below.</summary>
    private static (Polynomial Inverse, Polynomial? Below) InverseOfTerm(
        (Monomial Monomial, Rational Coefficient) term, Budget budget)
    {
        var inverse = Polynomial.Term(Monomial.One, term.Coefficient.Inverse);
        Polynomial? below = null;
        foreach (var (atom, power) in term.Monomial.Factors)
        {
            var turned = -power;
            if (atom.Kind == AtomKind.Radical)
            {
                turned += Exponent.One;
                below = below is null ? atom.Radicand : below.Times(atom.Radicand!, budget);
            }

            inverse = inverse.Times(Reduced(Monomial.Of(atom, turned), budget), budget);
        }

        return (inverse, below);
    }

    private static Polynomial Reduced(Monomial monomial, Budget budget)
    {
        var (reduced, factor, _) = AtomRelations.Apply(monomial, budget);
        return Polynomial.Term(reduced, factor);
    }
}
