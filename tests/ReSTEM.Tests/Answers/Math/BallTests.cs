using System.Globalization;
using System.Numerics;
using ReSTEM.Answers;

namespace ReSTEM.Tests;

public sealed class BallTests
{
    private const int Precision = 220;

    // Published decimal expansions (OEIS A000796, A001113, A002162, A002193, A049469, A049470, A073000), cut to 50 places.
    [Theory]
    [InlineData("pi", "3.14159265358979323846264338327950288419716939937510")]
    [InlineData("e", "2.71828182845904523536028747135266249775724709369995")]
    [InlineData("ln2", "0.69314718055994530941723212145817656807550013436025")]
    [InlineData("sqrt2", "1.41421356237309504880168872420969807856967187537694")]
    [InlineData("sin1", "0.84147098480789650665250232163029899962256306079837")]
    [InlineData("cos1", "0.54030230586813971740093660744297660373231042061792")]
    [InlineData("atan1/2", "0.46364760900080611621425623146121440202853705428612")]
    public void Constants_agree_with_their_published_digits(string name, string digits)
    {
        var two = Ball.Of(2, Precision);
        var value = name switch
        {
            "pi" => BallFunctions.Pi(Precision),
            "e" => BallFunctions.Exp(Ball.One, Precision),
            "ln2" => BallFunctions.Log(two, Precision),
            "sqrt2" => two.SquareRoot(Precision),
            "sin1" => BallFunctions.SinCos(Ball.One, Precision).Sine,
            "cos1" => BallFunctions.SinCos(Ball.One, Precision).Cosine,
            _ => BallFunctions.Atan(Ball.Of(new Rational(1, 2), Precision), Precision),
        };
        var cut = new Rational(
            BigInteger.Parse(digits.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture), BigInteger.Pow(10, 50));
        var above = Ball.Of(cut + new Rational(1, BigInteger.Pow(10, 50)), Precision);
        Assert.Equal(1, value.Minus(Ball.Of(cut, Precision), Precision).Sign);
        Assert.Equal(1, above.Minus(value, Precision).Sign);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(-22, 7)]
    [InlineData(1, 1_000_003)]
    public void A_ball_holds_the_number_that_it_was_made_of(int numerator, int denominator)
    {
        var exact = new Rational(numerator, denominator);
        var back = Ball.Of(exact, 64).Times(Ball.Of(denominator, 64), 64).Minus(Ball.Of(numerator, 64), 64);
        Assert.True(back.ContainsZero && back.RadiusTop < -30);
    }

    [Fact]
    public void Inverse_pairs_come_back_to_their_argument()
    {
        foreach (var x in new[] { new Rational(1, 1000), new Rational(3, 7), 1, 2, 40, 12345 })
        {
            var ball = Ball.Of(x, Precision);
            Near(ball, BallFunctions.Exp(BallFunctions.Log(ball, Precision), Precision));
            Near(ball, ball.SquareRoot(Precision).Times(ball.SquareRoot(Precision), Precision));
            var (sine, cosine) = BallFunctions.SinCos(BallFunctions.Atan(ball, Precision), Precision);
            Near(ball, sine.Over(cosine, Precision));
        }
    }

    private static void Near(Ball expected, Ball actual)
    {
        var difference = expected.Minus(actual, Precision);
        Assert.True(difference.ContainsZero, "the balls are apart");
        Assert.True(difference.RadiusTop < expected.Top - 180, $"the radius is 2^{difference.RadiusTop}");
    }
}
