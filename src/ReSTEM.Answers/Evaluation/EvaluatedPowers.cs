using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>Powers of complex balls, with the real root for odd denominators.</summary>
internal static class EvaluatedPowers
{
    private const int MaxWholePower = 4096;

    /// <summary>basis^exponent; <c>exact</c> is the exponent as a rational number where it is one.</summary>
    internal static ComplexBall Power(ComplexBall basis, ComplexBall exponent, Rational? exact, int precision, Budget budget)
    {
        if (exact is { IsInteger: true } whole && BigInteger.Abs(whole.Numerator) <= MaxWholePower)
        {
            return Whole(basis, (int)whole.Numerator, precision, budget);
        }

        if (basis.IsExactZero)
        {
            return exponent.Real.Sign > 0 ? basis : throw new UndefinedException("zero to a power that is not positive");
        }

        if (exact is { } fraction && basis.IsReal && basis.Real.Sign < 0 && !fraction.Denominator.IsEven)
        {
            var root = Power(basis.Negated(), exponent, exact, precision, budget);
            return fraction.Numerator.IsEven ? root : root.Negated();
        }

        if (exact is { } half && half.Denominator == 2 && half.Numerator.IsOne && basis.IsReal)
        {
            budget.Spend(SeriesCost.Root(precision));
            return SquareRoot(basis.Real, precision);
        }

        budget.Spend(SeriesCost.Power(basis.IsReal && basis.Real.Sign > 0 && exponent.IsReal, precision));
        return basis.Log(precision).Times(exponent, precision).Exp(precision);
    }

    private static ComplexBall SquareRoot(Ball value, int precision) => value.Sign switch
    {
        null => throw new UndecidedException(),
        < 0 => new ComplexBall(Ball.Zero, value.Negated().SquareRoot(precision)),
        _ => ComplexBall.Of(value.SquareRoot(precision)),
    };

    private static ComplexBall Whole(ComplexBall basis, int power, int precision, Budget budget)
    {
        var result = ComplexBall.Of(Ball.One);
        var square = basis;
        for (int rest = Math.Abs(power); rest > 0; rest >>= 1)
        {
            budget.Spend(precision / 16);
            result = (rest & 1) == 1 ? result.Times(square, precision) : result;
            square = rest > 1 ? square.Times(square, precision) : square;
        }

        return power < 0 ? ComplexBall.Of(Ball.One).Over(result, precision) : result;
    }
}
