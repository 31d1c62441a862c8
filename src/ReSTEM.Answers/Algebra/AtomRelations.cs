namespace ReSTEM.Answers;

/// <summary>What is true of single atoms: i^4 = 1, whole powers of primes are numbers, whole powers of radicals are radicands.</summary>
internal static class AtomRelations
{
    /// <summary>A product of atoms with the relations applied: it equals factor * monomial * radicands.</summary>
    /// <returns><c>Radicands</c> is null for 1.</returns>
    internal static (Monomial Monomial, Rational Factor, Polynomial? Radicands) Apply(Monomial monomial, Budget budget)
    {
        if (!NeedsWork(monomial))
        {
            return (monomial, Rational.One, null);
        }

        var kept = new List<(Atom, Exponent)>(monomial.Factors.Length);
        var factor = Rational.One;
        Polynomial? radicands = null;
        foreach (var (atom, power) in monomial.Factors)
        {
            long whole = WholePart(atom, power);
            var rest = power + new Exponent(-whole, 1);
            if (!rest.IsZero)
            {
                kept.Add((atom, rest));
            }

            if (whole == 0)
            {
                continue;
            }

            switch (atom.Kind)
            {
                case AtomKind.ImaginaryUnit:
                    factor = (whole & 3) == 2 ? -factor : factor;
                    break;
                case AtomKind.Radical:
                    var expanded = atom.Radicand!.Power(whole, budget);
                    radicands = radicands is null ? expanded : radicands.Times(expanded, budget);
                    break;
                default:
                    budget.SpendBits((double)atom.Number.GetBitLength() * Math.Abs(whole));
                    factor *= new Rational(atom.Number).Power((int)whole);
                    break;
            }
        }

        return (new Monomial([.. kept]), factor, radicands);
    }

    /// <summary>
    /// Whether no relation is left between the atoms of a sum, so that it is zero only when it has no terms: i, roots of
    /// primes (Besicovitch 1940), whole powers of variables, and at most one of pi and e.
    /// </summary>
    internal static bool AreIndependent(Polynomial sum)
    {
        bool pi = false;
        bool euler = false;
        foreach (var (monomial, _) in sum.Terms)
        {
            foreach (var (atom, power) in monomial.Factors)
            {
                switch (atom.Kind)
                {
                    case AtomKind.ImaginaryUnit or AtomKind.Prime:
                        break;
                    case AtomKind.Variable when power.IsInteger:
                        break;
                    case AtomKind.Pi when power.IsInteger:
                        pi = true;
                        break;
                    case AtomKind.Euler when power.IsInteger:
                        euler = true;
                        break;
                    default:
                        return false;
                }
            }
        }

        return !(pi && euler);
    }

    private static bool NeedsWork(Monomial monomial)
    {
        foreach (var (atom, power) in monomial.Factors)
        {
            if (WholePart(atom, power) != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The part of the exponent that a relation turns into something else.</summary>
    private static long WholePart(Atom atom, Exponent power) => atom.Kind switch
    {
        AtomKind.ImaginaryUnit => power.Floor - (power.Floor & 1),
        AtomKind.Prime or AtomKind.Unfactored => power.Floor,
        AtomKind.Radical => Math.Max(0, power.Floor),
        _ => 0,
    };
}
