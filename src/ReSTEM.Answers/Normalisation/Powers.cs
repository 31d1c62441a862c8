namespace ReSTEM.Answers;

/// <summary>Powers of normal forms, by the kind of exponent: whole, rational, or with variables.</summary>
internal static class Powers
{
    /// <summary>Highest whole power of a sum that is multiplied out.</summary>
    private const int MaxExpansion = 64;

    internal static Form Of(Form basis, Form exponent, Budget budget)
    {
        if (exponent.AsRational is not { } power)
        {
            return Symbolic(basis, exponent, budget);
        }

        if (power.IsZero)
        {
            return Form.One;
        }

        return power.IsInteger ? Whole(basis, power, budget)
            : Roots.Power(basis, Exponent.Of(power), budget) ?? Opaque(basis, exponent, budget);
    }

    private static Form Whole(Form basis, Rational power, Budget budget)
    {
        if (basis.AsRational is { } value)
        {
            if (value.IsZero)
            {
                return power.Sign > 0 ? Form.Zero : throw new UndefinedException("division by zero");
            }

            if (value.IsOne || value == Rational.MinusOne)
            {
                return Form.Of(power.Numerator.IsEven ? Rational.One : value);
            }

            budget.SpendBits((double)power.Absolute.Numerator * value.BitCount);
            return Form.Of(value.Power((int)power.Numerator));
        }

        var exponent = Exponent.Of(power);
        if (basis.Denominator.IsOne && basis.Numerator.IsSingleTerm)
        {
            budget.SpendBits((double)Math.Abs(exponent.Numerator) * basis.Numerator.LeadingCoefficient.BitCount);
            return basis.Power(exponent.Numerator, budget);
        }

        return Math.Abs(exponent.Numerator) <= MaxExpansion || !basis.HasVariable
            ? basis.Power(exponent.Numerator, budget)
            : Opaque(basis, Form.Of(power), budget);
    }

    /// <summary>b^(sum of c_k m_k) as the product of (b^(m_k))^(c_k), with b split into primes when it is a number.</summary>
    private static Form Symbolic(Form basis, Form exponent, Budget budget)
    {
        if (!exponent.Denominator.IsOne)
        {
            return Opaque(basis, exponent, budget);
        }

        var result = Form.One;
        foreach (var (monomial, coefficient) in exponent.Numerator.Terms)
        {
            if (monomial.IsOne)
            {
                result = result.Times(Of(basis, Form.Of(coefficient), budget), budget);
            }
            else if (Term(basis, monomial, coefficient, budget) is { } factor)
            {
                result = result.Times(factor, budget);
            }
            else
            {
                return Opaque(basis, exponent, budget);
            }
        }

        return result;
    }

    private static Form? Term(Form basis, Monomial monomial, Rational coefficient, Budget budget)
    {
        var power = Exponent.Of(coefficient);
        if (basis.AsRational is { } number)
        {
            if (number.Sign <= 0)
            {
                return null;
            }

            var result = Form.One;
            foreach (var (value, sign) in (ReadOnlySpan<(System.Numerics.BigInteger, int)>)[(number.Numerator, 1), (number.Denominator, -1)])
            {
                foreach (var (factor, count, certain) in Factoring.Of(value, budget))
                {
                    if (!certain)
                    {
                        return null;
                    }

                    result = result.Times(PowerAtom(factor.ToString(), monomial, power * new Exponent(sign * count, 1), budget), budget);
                }
            }

            return result;
        }

        if (basis.Denominator.IsOne && basis.Numerator.IsSingleTerm && basis.Numerator.LeadingCoefficient.IsOne
            && basis.Numerator.Terms[0].Monomial.Factors is [var (atom, own)] && own.Equals(Exponent.One))
        {
            return atom.Kind == AtomKind.Euler && Euler(monomial, coefficient, budget) is { } unit
                ? unit
                : PowerAtom(atom.Key, monomial, power, budget);
        }

        return null;
    }

    /// <summary>e^(i q pi) = cos(q pi) + i sin(q pi), where these are exact.</summary>
    private static Form? Euler(Monomial monomial, Rational q, Budget budget)
    {
        var turning = Monomial.Of(Atom.ImaginaryUnit, Exponent.One).Times(Monomial.Of(Atom.Pi, Exponent.One));
        return monomial.Equals(turning)
            && ExactTrigonometry.CosPi(q, budget) is { } cosine && ExactTrigonometry.SinPi(q, budget) is { } sine
                ? cosine.Plus(sine.Times(Form.Of(Atom.ImaginaryUnit), budget), budget)
                : null;
    }

    private static Form PowerAtom(string basis, Monomial monomial, Exponent power, Budget budget)
    {
        budget.SpendOnWriting(basis.Length + monomial.WrittenLength);
        var atom = new Atom(AtomKind.Power, $"{basis}^({monomial})")
        {
            IsVariable = Array.Exists(monomial.Factors, static factor => factor.Atom.IsVariable),
        };
        return new(Polynomial.Term(Monomial.Of(atom, power), Rational.One));
    }

    private static Form Opaque(Form basis, Form exponent, Budget budget)
    {
        budget.SpendOnWriting(basis.WrittenLength + exponent.WrittenLength);
        return Form.Of(new Atom(AtomKind.Function, $"pow({basis},{exponent})") { IsVariable = basis.HasVariable || exponent.HasVariable });
    }
}
