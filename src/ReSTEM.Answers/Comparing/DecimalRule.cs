namespace ReSTEM.Answers;

/// <summary>
/// The one rule for decimals: a decimal literal is exact; against an exact form that it does not equal, it stands for
/// every value that rounds to it at the places it shows, if it shows at least three significant digits. With dots
/// after it, it stands for every value that is cut to it. A whole number never equals a rounded decimal.
/// </summary>
internal static class DecimalRule
{
    private const int MinDigits = 3;

    /// <summary>The outcome when exactly one side is a decimal, or one was cut; null when other rules decide.</summary>
    internal static Comparison? Compare(Node left, Form a, Node right, Form b, Budget budget)
    {
        var first = DecimalLiteral.Of(left);
        var second = DecimalLiteral.Of(right);
        if (first is null == second is null)
        {
            return null;
        }

        var (literal, exact, other) = first is { } decimalLeft ? (decimalLeft, b, right) : (second!.Value, a, left);
        if (exact.AsRational is { } rational)
        {
            return rational == literal.Value ? Comparison.Same("rational")
                : rational.IsInteger ? Comparison.Different("rational")
                : Judge(literal, rational);
        }

        return exact.HasVariable ? null : Irrational(literal, other, budget);
    }

    /// <summary>The same judgement for a constant that is known only as a ball.</summary>
    private static Comparison? Irrational(DecimalLiteral literal, Node exact, Budget budget)
    {
        const int Precision = 256;
        if (literal.SignificantDigits < MinDigits || RealOrder.Value(exact, Precision, budget) is not { IsReal: true } value)
        {
            return null;
        }

        var half = Ball.Of(literal.LastPlace / 2, Precision);
        var distance = value.Real.Minus(Ball.Of(literal.Value, Precision), Precision);
        if (literal.IsCut)
        {
            distance = (literal.Value.Sign < 0 ? distance.Negated() : distance).Minus(half, Precision);
        }

        bool inside = half.Minus(distance, Precision).Sign > 0 && half.Plus(distance, Precision).Sign > 0;
        return new Comparison(inside, "decimal-rounding");
    }

    /// <summary>Whether a written approximation is one: a decimal on one side that the other side rounds to, at any precision.</summary>
    internal static bool Approximates(Node left, Node right, Budget budget)
    {
        var literal = DecimalLiteral.Of(right) ?? DecimalLiteral.Of(left);
        var other = DecimalLiteral.Of(right) is null ? left : right;
        var exact = ReferenceEquals(other, right) ? left : right;
        return literal is { } known && RealOrder.Value(exact, 128, budget) is { IsReal: true } value
            && Ball.Of(known.LastPlace, 128).Minus(
                new ComplexBall(value.Real.Minus(Ball.Of(known.Value, 128), 128), Ball.Zero).Absolute(128), 128).Sign > 0;
    }

    private static Comparison Judge(DecimalLiteral literal, Rational exact)
    {
        if (literal.Continued == exact)
        {
            return Comparison.Same("rational");
        }

        if (literal.SignificantDigits < MinDigits)
        {
            return Comparison.Different("rational");
        }

        var distance = (exact - literal.Value).Absolute;
        var unit = literal.LastPlace;
        bool same = literal.IsCut
            ? distance < unit && (exact.Absolute >= literal.Value.Absolute)
            : distance + distance <= unit;
        return new Comparison(same, "decimal-rounding");
    }
}
