namespace ReSTEM.Answers;

/// <summary>A complex number as two balls; principal branches, cut along the negative reals.</summary>
internal sealed record ComplexBall(Ball Real, Ball Imaginary)
{
    internal static readonly ComplexBall ImaginaryUnit = new(Ball.Zero, Ball.One);

    internal bool IsReal => Imaginary.IsExactZero;

    internal bool IsExactZero => Real.IsExactZero && Imaginary.IsExactZero;

    internal bool ContainsZero => Real.ContainsZero && Imaginary.ContainsZero;

    internal static ComplexBall Of(Ball real) => new(real, Ball.Zero);

    internal ComplexBall Negated() => new(Real.Negated(), Imaginary.Negated());

    internal ComplexBall Plus(ComplexBall other, int precision) =>
        new(Real.Plus(other.Real, precision), Imaginary.Plus(other.Imaginary, precision));

    internal ComplexBall Minus(ComplexBall other, int precision) => Plus(other.Negated(), precision);

    internal ComplexBall Times(ComplexBall other, int precision) => IsReal && other.IsReal
        ? Of(Real.Times(other.Real, precision))
        : new(
            Real.Times(other.Real, precision).Minus(Imaginary.Times(other.Imaginary, precision), precision),
            Real.Times(other.Imaginary, precision).Plus(Imaginary.Times(other.Real, precision), precision));

    internal ComplexBall Over(ComplexBall other, int precision)
    {
        if (other.IsReal)
        {
            return new(
                Real.Over(other.Real, precision),
                IsReal ? Ball.Zero : Imaginary.Over(other.Real, precision));
        }

        var square = other.Real.Times(other.Real, precision).Plus(other.Imaginary.Times(other.Imaginary, precision), precision);
        var product = Times(new ComplexBall(other.Real, other.Imaginary.Negated()), precision);
        return new(product.Real.Over(square, precision), product.Imaginary.Over(square, precision));
    }

    internal Ball Absolute(int precision)
    {
        if (IsReal)
        {
            return Real.Sign is { } sign ? (sign < 0 ? Real.Negated() : Real) : new Ball(Real.Middle, Real.Radius, Real.Exponent);
        }

        return Real.Times(Real, precision).Plus(Imaginary.Times(Imaginary, precision), precision).SquareRoot(precision);
    }

    /// <summary>The angle in (-pi, pi].</summary>
    /// <exception cref="UndecidedException">A sign that decides the quadrant is not known.</exception>
    internal Ball Angle(int precision)
    {
        int? x = Real.Sign;
        int? y = Imaginary.Sign;
        if (x is null && y is null or 0)
        {
            throw new UndecidedException();
        }

        var pi = BallFunctions.Pi(precision);
        if (x is null or 0)
        {
            if (y is null or 0)
            {
                throw new UndefinedException("angle of zero");
            }

            // Next to the imaginary axis: pi/2 - atan(x/y) keeps the quotient small.
            var half = pi.Shifted(-1);
            var offset = BallFunctions.Atan(Real.Over(Imaginary, precision), precision);
            return (y > 0 ? half : half.Negated()).Minus(offset, precision);
        }

        if (y == 0)
        {
            return x > 0 ? Ball.Zero : pi;
        }

        var angle = BallFunctions.Atan(Imaginary.Over(Real, precision), precision);
        if (x > 0)
        {
            return angle;
        }

        return y is null ? throw new UndecidedException() : y > 0 ? angle.Plus(pi, precision) : angle.Minus(pi, precision);
    }

    internal ComplexBall Exp(int precision)
    {
        var size = BallFunctions.Exp(Real, precision);
        if (IsReal)
        {
            return Of(size);
        }

        var (sine, cosine) = BallFunctions.SinCos(Imaginary, precision);
        return new(size.Times(cosine, precision), size.Times(sine, precision));
    }

    internal ComplexBall Log(int precision)
    {
        if (IsExactZero)
        {
            throw new UndefinedException("logarithm of zero");
        }

        return new(BallFunctions.Log(Absolute(precision), precision), IsReal && Real.Sign > 0 ? Ball.Zero : Angle(precision));
    }

    internal ComplexBall Sin(int precision)
    {
        var (sine, cosine) = BallFunctions.SinCos(Real, precision);
        if (IsReal)
        {
            return Of(sine);
        }

        var (cosh, sinh) = Hyperbolic(precision);
        return new(sine.Times(cosh, precision), cosine.Times(sinh, precision));
    }

    internal ComplexBall Cos(int precision)
    {
        var (sine, cosine) = BallFunctions.SinCos(Real, precision);
        if (IsReal)
        {
            return Of(cosine);
        }

        var (cosh, sinh) = Hyperbolic(precision);
        return new(cosine.Times(cosh, precision), sine.Times(sinh, precision).Negated());
    }

    private (Ball Cosh, Ball Sinh) Hyperbolic(int precision)
    {
        var up = BallFunctions.Exp(Imaginary, precision);
        var down = Ball.One.Over(up, precision);
        return (up.Plus(down, precision).Shifted(-1), up.Minus(down, precision).Shifted(-1));
    }
}
