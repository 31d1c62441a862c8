using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>Named functions of complex balls.</summary>
internal static class EvaluatedFunctions
{
    internal static ComplexBall Call(string name, ComplexBall[] x, Rational?[] exact, int precision, Budget budget)
    {
        budget.Spend(SeriesCost.Of(name, x, precision));
        var one = ComplexBall.Of(Ball.One);
        return (name, x.Length) switch
        {
            ("sin", 1) => x[0].Sin(precision),
            ("cos", 1) => x[0].Cos(precision),
            ("tan", 1) => x[0].Sin(precision).Over(x[0].Cos(precision), precision),
            ("cot", 1) => x[0].Cos(precision).Over(x[0].Sin(precision), precision),
            ("sec", 1) => one.Over(x[0].Cos(precision), precision),
            ("csc", 1) => one.Over(x[0].Sin(precision), precision),
            ("cis", 1) => x[0].Times(ComplexBall.ImaginaryUnit, precision).Exp(precision),
            ("exp", 1) => x[0].Exp(precision),
            ("ln", 1) => x[0].Log(precision),
            ("log", 1) => x[0].Log(precision).Over(ComplexBall.Of(Ball.Of(10, precision)).Log(precision), precision),
            ("log", 2) => x[0].Log(precision).Over(x[1].Log(precision), precision),
            ("abs", 1) => ComplexBall.Of(Absolute(x[0], precision)),
            ("re", 1) => ComplexBall.Of(x[0].Real),
            ("im", 1) => ComplexBall.Of(x[0].Imaginary),
            ("sinh", 1) => Half(x[0].Exp(precision).Minus(x[0].Negated().Exp(precision), precision)),
            ("cosh", 1) => Half(x[0].Exp(precision).Plus(x[0].Negated().Exp(precision), precision)),
            ("tanh", 1) => Call("sinh", x, exact, precision, budget).Over(Call("cosh", x, exact, precision, budget), precision),
            ("coth", 1) => one.Over(Call("tanh", x, exact, precision, budget), precision),
            ("sech", 1) => one.Over(Call("cosh", x, exact, precision, budget), precision),
            ("csch", 1) => one.Over(Call("sinh", x, exact, precision, budget), precision),
            ("arsinh", 1) when x[0].IsReal => InverseHyperbolic(x[0], one, precision, budget),
            ("arcosh", 1) when x[0].IsReal => InverseHyperbolic(x[0], one.Negated(), precision, budget),
            ("artanh", 1) when x[0].IsReal => Half(one.Plus(x[0], precision).Over(one.Minus(x[0], precision), precision).Log(precision)),
            ("arctan", 1) when x[0].IsReal => ComplexBall.Of(BallFunctions.Atan(x[0].Real, precision)),
            ("arccot", 1) when x[0].IsReal => ComplexBall.Of(RightAngle(precision).Minus(BallFunctions.Atan(x[0].Real, precision), precision)),
            ("arcsin", 1) when x[0].IsReal => ComplexBall.Of(Arcsine(x[0].Real, precision)),
            ("arccos", 1) when x[0].IsReal => ComplexBall.Of(RightAngle(precision).Minus(Arcsine(x[0].Real, precision), precision)),
            ("arcsec", 1) when x[0].IsReal => Call("arccos", [one.Over(x[0], precision)], [null], precision, budget),
            ("arccsc", 1) when x[0].IsReal => Call("arcsin", [one.Over(x[0], precision)], [null], precision, budget),
            ("floor" or "ceil" or "sgn", 1) when x[0].IsReal && exact[0] is null => Rounded(name, x[0].Real),
            ("max" or "min", 2) when x[0].IsReal && x[1].IsReal => Extreme(name, x[0], x[1], precision),
            _ => Whole(name, exact, precision, budget),
        };
    }

    private static ComplexBall Half(ComplexBall value) => new(value.Real.Shifted(-1), value.Imaginary.Shifted(-1));

    /// <summary>ln(x + sqrt(x^2 + c)).</summary>
    private static ComplexBall InverseHyperbolic(ComplexBall x, ComplexBall c, int precision, Budget budget)
    {
        var square = x.Times(x, precision).Plus(c, precision);
        var half = new Rational(1, 2);
        var root = EvaluatedPowers.Power(square, ComplexBall.Of(Ball.Of(half, precision)), half, precision, budget);
        return x.Plus(root, precision).Log(precision);
    }

    private static Ball RightAngle(int precision) => BallFunctions.Pi(precision).Shifted(-1);

    private static Ball Absolute(ComplexBall value, int precision) =>
        value.IsReal && value.Real.Sign is null ? throw new UndecidedException() : value.Absolute(precision);

    /// <summary>arcsin x = arctan(x / sqrt(1 - x^2)) inside (-1, 1).</summary>
    private static Ball Arcsine(Ball x, int precision)
    {
        var rest = Ball.One.Minus(x.Times(x, precision), precision);
        return rest.Sign switch
        {
            null => throw new UndecidedException(),
            0 => x.Middle.Sign < 0 ? RightAngle(precision).Negated() : RightAngle(precision),
            < 0 => throw new UndefinedException("arcsine outside -1 to 1"),
            _ => BallFunctions.Atan(x.Over(rest.SquareRoot(precision), precision), precision),
        };
    }

    private static ComplexBall Rounded(string name, Ball x)
    {
        if (name == "sgn")
        {
            return x.Sign is { } sign ? ComplexBall.Of(Ball.Of(sign, 16)) : throw new UndecidedException();
        }

        var low = new Ball(x.Middle - x.Radius, BigInteger.Zero, x.Exponent).Fixed(0);
        var high = new Ball(x.Middle + x.Radius, BigInteger.Zero, x.Exponent).Fixed(0);
        return low != high ? throw new UndecidedException()
            : ComplexBall.Of(new Ball(name == "floor" ? low : low + 1, BigInteger.Zero, 0));
    }

    private static ComplexBall Extreme(string name, ComplexBall left, ComplexBall right, int precision) =>
        left.Real.Minus(right.Real, precision).Sign is { } sign
            ? (sign > 0 == (name == "max") ? left : right)
            : throw new UndecidedException();

    private static ComplexBall Whole(string name, Rational?[] exact, int precision, Budget budget)
    {
        if (!Array.TrueForAll(exact, static value => value is not null))
        {
            throw new UnreadableException($"the function {name} has no value here.");
        }

        var form = WholeFunctions.Of(name, [.. exact.Select(static value => Form.Of(value!.Value))], budget);
        return form?.AsRational is { } result
            ? ComplexBall.Of(Ball.Of(result, precision))
            : throw new UnreadableException($"the function {name} has no value here.");
    }
}
