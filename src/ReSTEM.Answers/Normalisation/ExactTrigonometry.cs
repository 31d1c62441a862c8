namespace ReSTEM.Answers;

/// <summary>Cosines of rational multiples of pi that are sums of square roots.</summary>
internal static class ExactTrigonometry
{
    /// <summary>cos(q pi) exactly when q's denominator allows a short form, else null.</summary>
    internal static Form? CosPi(Rational q, Budget budget)
    {
        // Fold into 0 <= q <= 1/2, remembering the sign: cos is even, has period 2, and cos(pi - x) = -cos x.
        q -= 2 * new Rational((q / 2).Floor());
        q = q > 1 ? 2 - q : q;
        bool negative = q > new Rational(1, 2);
        q = negative ? 1 - q : q;
        var value = FirstQuadrant(q, budget);
        return negative ? value?.Negated() : value;
    }

    /// <summary>sin(q pi), by sin x = cos(pi/2 - x).</summary>
    internal static Form? SinPi(Rational q, Budget budget) => CosPi(new Rational(1, 2) - q, budget);

    private static Form? FirstQuadrant(Rational q, Budget budget)
    {
        int key = q.Denominator > 12 ? -1 : (int)q.Denominator;
        return (key, (int)q.Numerator) switch
        {
            (1, 0) => Form.One,
            (2, 1) => Form.Zero,
            (3, 1) => Form.Of(new Rational(1, 2)),
            (4, 1) => Surd(0, 1, 2, 2, budget),
            (6, 1) => Surd(0, 1, 3, 2, budget),
            (12, 1) => Surd(0, 1, 6, 4, budget).Plus(Surd(0, 1, 2, 4, budget), budget),
            (12, 5) => Surd(0, 1, 6, 4, budget).Minus(Surd(0, 1, 2, 4, budget), budget),
            (5, 1) => Surd(1, 1, 5, 4, budget),
            (5, 2) => Surd(-1, 1, 5, 4, budget),
            _ => null,
        };
    }

    /// <summary>(a + b sqrt(c)) / d.</summary>
    private static Form Surd(int a, int b, int c, int d, Budget budget) =>
        Roots.OfRational(c, new Exponent(1, 2), budget).Times(Form.Of(new Rational(b, d)), budget)
            .Plus(Form.Of(new Rational(a, d)), budget);
}
