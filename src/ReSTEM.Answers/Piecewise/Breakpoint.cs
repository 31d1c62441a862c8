namespace ReSTEM.Answers;

/// <summary>A real number at which an expression in one variable changes sign.</summary>
/// <param name="Exact">The number as a tree of constants.</param>
/// <param name="Approximation">A rational number within 2^-100 of it, relatively.</param>
internal readonly record struct Breakpoint(Node Exact, Rational Approximation)
{
    private const int Precision = 128;

    /// <summary>The real roots of a rational function of one variable of degree 2 at most, above and below; null when it is of another kind.</summary>
    internal static List<Breakpoint>? RootsOf(Node expression, string name, Budget budget)
    {
        budget.Spend(16);
        Form form;
        try
        {
            form = Normaliser.Normalise(expression, budget);
        }
        catch (UndefinedException)
        {
            return null;
        }

        var roots = new List<Breakpoint>();
        return Add(form.Numerator, name, roots, budget) && Add(form.Denominator, name, roots, budget) ? roots : null;
    }

    private static bool Add(Polynomial polynomial, string name, List<Breakpoint> roots, Budget budget)
    {
        if (UnivariatePolynomial.Of(polynomial, name) is not { } coefficients
            || UnivariatePolynomial.RealRoots(coefficients, budget) is not { } found)
        {
            return false;
        }

        foreach (var root in found)
        {
            if (RealOrder.Value(root, Precision, budget) is not { IsReal: true } value)
            {
                return false;
            }

            roots.Add(new Breakpoint(root, ToRational(value.Real)));
        }

        return true;
    }

    private static Rational ToRational(Ball ball) => ball.Exponent >= 0
        ? new Rational(ball.Middle << (int)ball.Exponent)
        : new Rational(ball.Middle, System.Numerics.BigInteger.One << (int)-ball.Exponent);
}
