using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>Natural logarithms: of positive rationals as sums over primes, of powers as multiples.</summary>
internal static class Logarithms
{
    /// <summary>ln(form), exactly where the argument is a positive number or a single power.</summary>
    /// <exception cref="UndefinedException">The argument is 0.</exception>
    internal static Form Natural(Form form, Budget budget)
    {
        if (form.Numerator.IsZero)
        {
            throw new UndefinedException("logarithm of zero");
        }

        if (!form.Denominator.IsOne || !form.Numerator.IsSingleTerm || form.Numerator.LeadingCoefficient.Sign < 0)
        {
            return Functions.Opaque("ln", [form], budget);
        }

        var (monomial, coefficient) = form.Numerator.Terms[0];
        if (!Array.TrueForAll(monomial.Factors, static factor => factor.Atom.Kind is AtomKind.Prime or AtomKind.Euler))
        {
            return Functions.Opaque("ln", [form], budget);
        }

        var sum = Form.Zero;
        foreach (var (number, sign) in (ReadOnlySpan<(BigInteger, int)>)[(coefficient.Numerator, 1), (coefficient.Denominator, -1)])
        {
            foreach (var (factor, count, _) in Factoring.Of(number, budget))
            {
                sum = sum.Plus(Form.Of(sign * count).Times(OfPrime(factor), budget), budget);
            }
        }

        foreach (var (atom, power) in monomial.Factors)
        {
            var part = atom.Kind == AtomKind.Euler ? Form.One : OfPrime(atom.Number);
            sum = sum.Plus(Form.Of(power.ToRational()).Times(part, budget), budget);
        }

        return sum;
    }

    private static Form OfPrime(BigInteger prime) => Form.Of(new Atom(AtomKind.Function, $"ln({prime})"));
}
