using System.Numerics;
using ReSTEM.Arithmetic;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>
/// Every result is the double nearest to the true value, as <see cref="FixedPoint"/> has it; and so that this is no luck, what is rounded to
/// it is right to a hundred bits.
/// </summary>
public sealed class ElementaryTests
{
    private const double Infinity = double.PositiveInfinity, Least = double.Epsilon, Most = double.MaxValue;
    private const int Many = 2000;
    private readonly RandomSequence _random = new(RandomStream.Of(11, RandomPurpose.Problems));

    [Fact]
    public void The_parts_of_pi_and_of_log_2_are_those_of_longer_numbers()
    {
        Assert.Equal(0, Distance(FixedPoint.Pi >> 1101, QuarterTurns.QuarterTurn), 1e-62); // 2^-207
        Assert.Equal(0, Distance(FixedPoint.LogOfTwo, [Logarithm.OfTwo.High, Logarithm.OfTwo.Low]), 1e-33);

        static double Distance(BigInteger units, double[] parts) => (double)(units - parts
            .Select(FixedPoint.Parts).Aggregate(BigInteger.Zero, (sum, part) => sum + (part.Whole << (FixedPoint.Bits + part.Exponent))))
            / Math.ScaleB(1, FixedPoint.Bits);
    }

    [Fact]
    public void Logarithms_are_the_nearest_doubles()
    {
        IEnumerable<double> near = Around(1).Concat(Around(2)).Concat(Around(Math.Sqrt(2))).Concat(Around(Math.Sqrt(0.5)));
        foreach (double x in near.Concat([Least, 3 * Least, 2.2250738585072014e-308, Most, Math.E, 10]).Concat(Bits()))
        {
            BigInteger exact = FixedPoint.Log(x);
            Equal(FixedPoint.Nearest(exact), Elementary.Log(x), $"log {x:R}");
            Close(exact, Logarithm.Of(x), 99, $"log {x:R}");
        }
    }

    [Fact]
    public void Logarithms_of_special_values()
    {
        (double X, double Expected)[] rows =
        [
            (1, 0),
            (0.0, -Infinity),
            (-0.0, -Infinity),
            (-Least, double.NaN),
            (-Infinity, double.NaN),
            (Infinity, Infinity),
            (double.NaN, double.NaN),
        ];
        Assert.All(rows, row => Equal(row.Expected, Elementary.Log(row.X), $"log {row.X}"));
    }

    [Fact]
    public void Sines_and_cosines_are_the_nearest_doubles()
    {
        double[] borders = [Math.ScaleB(1, -27), Math.PI / 4, Math.Tau, 1 << 30, (double)(1 << 30) * (1 << 22), Most];

        // The double nearest to a multiple of pi / 2 (Muller 2016, "Elementary functions", section 11.3.2).
        IEnumerable<double> angles = borders.SelectMany(Around).Append(6381956970095103 * Math.ScaleB(1, 797))
            .Concat(Bits().Where(x => x > 1e-20))
            .Concat(Draws(() => _random.Uniform() * 7))
            .Concat(Draws(() => (float)(_random.Below(1 << 20) * Math.ScaleB(1, -_random.Below(20)))))
            .Concat(Draws(() => Multiple(_random.Below(1 << 30))))
            .Concat(Draws(() => Multiple(_random.Below(100))));
        foreach (double x in angles)
        {
            var expected = FixedPoint.SinCos(x);
            var (sin, cos) = Elementary.SinCos(x);
            Equal(FixedPoint.Nearest(expected.Sin), sin, $"sin {x:R}");
            Equal(FixedPoint.Nearest(expected.Cos), cos, $"cos {x:R}");
            Assert.Equal((-sin, cos), Elementary.SinCos(-x));
            var (quarters, left) = QuarterTurns.Of(x);
            bool swaps = int.IsOddInteger(quarters);
            Close(BigInteger.Abs(swaps ? expected.Cos : expected.Sin), Circle.Sin(left), 101, $"sin {x:R}");
            Close(BigInteger.Abs(swaps ? expected.Sin : expected.Cos), Circle.Cos(left), 101, $"cos {x:R}");
        }

        static double Multiple(int quarters) => FixedPoint.Nearest(FixedPoint.Pi * quarters, -FixedPoint.Bits - 1101);
    }

    [Fact]
    public void Sines_and_cosines_of_special_values()
    {
        (double X, double Sin, double Cos)[] rows =
        [
            (0.0, 0.0, 1),
            (-0.0, -0.0, 1),
            (Least, Least, 1),
            (-1e-300, -1e-300, 1),
            (Infinity, double.NaN, double.NaN),
            (-Infinity, double.NaN, double.NaN),
            (double.NaN, double.NaN, double.NaN),
        ];
        Assert.All(rows, row =>
        {
            Equal(row.Sin, Elementary.SinCos(row.X).Sin, $"sin {row.X}");
            Equal(row.Cos, Elementary.SinCos(row.X).Cos, $"cos {row.X}");
        });
    }

    [Fact]
    public void Powers_are_the_nearest_doubles()
    {
        double[] bases = [.. Draws(() => _random.Uniform() * 20), .. Around(1).Where(x => x != 1), .. Bits()];
        foreach (double x in bases)
        {
            // Results of all sizes: up to both borders, and a little beyond them.
            double most = Math.Min(Most, 1100 / Math.Abs(Math.Log2(x))), y = (2 * _random.Uniform() - 1) * most;
            var (exact, doublings) = FixedPoint.Pow(x, y);
            Equal(FixedPoint.Nearest(exact, doublings - FixedPoint.Bits), Elementary.Pow(x, y), $"{x:R} ** {y:R}");
            var (mantissa, exponent) = Power.Exp(Logarithm.Of(x) * y);
            double scale = Math.ScaleB(1, exponent - doublings);
            Close(exact, new DoubleDouble(mantissa.High * scale, mantissa.Low * scale), 89, $"{x:R} ** {y:R}");
        }

        foreach (double y in Around(1024).Concat(Around(-1022)).Concat(Around(-1074)).Concat(Around(-1075)).Where(y => y != -1075))
        {
            var (exact, doublings) = FixedPoint.Pow(2, y);
            Equal(FixedPoint.Nearest(exact, doublings - FixedPoint.Bits), Elementary.Pow(2, y), $"2 ** {y:R}");
        }
    }

    /// <summary>Here no number of digits tells on which side of the middle between two doubles a result lies, because it lies on it.</summary>
    [Fact]
    public void Powers_in_the_middle_between_two_doubles_go_to_the_even_one()
    {
        int middles = 0;
        for (int root = 3; root < 1 << 27; root += 2 * Math.Max(1, root / 200))
        {
            for (int exponent = 1; exponent <= 34; exponent++)
            {
                BigInteger exact = BigInteger.Pow(root, exponent);
                middles += exact.GetBitLength() == 54 ? 1 : 0;
                for (int f = 0; f <= 5 && exact.GetBitLength() <= 54 && Math.Pow(root, 1 << f) < 1L << 53; f++)
                {
                    double x = (double)BigInteger.Pow(root, 1 << f), y = Math.ScaleB(exponent, -f);
                    Equal(FixedPoint.Nearest(exact, 0), Elementary.Pow(x, y), $"{x} ** {y}");
                }
            }
        }

        Assert.InRange(middles, 100, int.MaxValue);
        foreach (int exponent in new[] { 1, 5, 25, 43, 215 }.SelectMany(divisor => new[] { divisor, 2 * divisor, 4 * divisor, -divisor, -2 * divisor, -4 * divisor }))
        {
            Equal(0, Elementary.Pow(Math.ScaleB(1, exponent), -1075.0 / exponent), $"2 ** -1075 by 2 ** {exponent}");
        }

        Equal(FixedPoint.Nearest(243, -1075), Elementary.Pow(Math.ScaleB(3, -215), 5), "243 * 2 ** -1075");
    }

    [Fact]
    public void Powers_of_ten_are_the_numbers_that_one_reads()
    {
        for (int exponent = -330; exponent <= 310; exponent++)
        {
            Equal(double.Parse($"1e{exponent}", System.Globalization.CultureInfo.InvariantCulture), Elementary.Pow(10, exponent), $"1e{exponent}");
        }
    }

    [Fact]
    public void Powers_of_special_values()
    {
        (double X, double Y, double Expected)[] rows =
        [
            (double.NaN, 0.0, 1),
            (1, double.NaN, 1),
            (double.NaN, 1, double.NaN),
            (2, double.NaN, double.NaN),
            (0.0, -0.0, 1),
            (-1, Infinity, 1),
            (-1, -Infinity, 1),
            (0.5, Infinity, 0),
            (-2, Infinity, Infinity),
            (0.5, -Infinity, Infinity),
            (2, -Infinity, 0),
            (Infinity, Least, Infinity),
            (Infinity, -Least, 0),
            (-Infinity, 3, -Infinity),
            (-Infinity, 4, Infinity),
            (-Infinity, 0.5, Infinity),
            (-Infinity, -3, -0.0),
            (-Infinity, -4, 0.0),
            (0.0, 3, 0.0),
            (-0.0, 3, -0.0),
            (-0.0, 4, 0.0),
            (-0.0, 0.5, 0.0),
            (0.0, -3, Infinity),
            (-0.0, -3, -Infinity),
            (-0.0, -0.5, Infinity),
            (-8, 1.0 / 3, double.NaN),
            (-2, 3, -8),
            (-2, -2, 0.25),
            (-2, 1e300, Infinity),
            (-0.5, 1e300, 0.0),
            (-3, 1025, -Infinity),
            (Most, 1, Most),
            (Most, 1.0000000000000002, Infinity),
            (Least, 1, Least),
            (Least, Least, 1),
        ];
        Assert.All(rows, row => Equal(row.Expected, Elementary.Pow(row.X, row.Y), $"{row.X} ** {row.Y}"));
    }

    private static IEnumerable<double> Draws(Func<double> draw) => Enumerable.Range(0, Many).Select(_ => draw());

    /// <summary>Positive doubles of all sizes, subnormal ones among them.</summary>
    private IEnumerable<double> Bits() =>
        Draws(() => BitConverter.Int64BitsToDouble((long)(_random.Uniform() * BitConverter.DoubleToInt64Bits(Infinity)) | 1))
            .Concat(Enumerable.Range(1, 51).Select(bits => BitConverter.Int64BitsToDouble((1L << bits) - 1)));

    /// <summary>A positive double and its neighbours, in growing steps.</summary>
    private static IEnumerable<double> Around(double x) => Enumerable.Range(-60, 121)
        .Select(step => BitConverter.Int64BitsToDouble(
            BitConverter.DoubleToInt64Bits(x) + (Math.Sign(step) * (long)Math.Pow(1.7, Math.Abs(step)))))
        .Where(double.IsFinite).Where(neighbour => Math.Sign(neighbour) == Math.Sign(x));

    /// <summary>Right to so many bits, whatever the sign.</summary>
    private static void Close(BigInteger exact, DoubleDouble actual, int bits, string what)
    {
        BigInteger error = BigInteger.Abs(exact) - BigInteger.Abs(FixedPoint.Of(actual.High) + FixedPoint.Of(actual.Low));
        Assert.True(
            BigInteger.Abs(error) << bits <= BigInteger.Abs(exact),
            $"{what} is wrong by 2^-{BigInteger.Abs(exact).GetBitLength() - BigInteger.Abs(error).GetBitLength()} before rounding, expected at most 2^-{bits}");
    }

    private static void Equal(double expected, double actual, string what) => Assert.True(
        BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual) || (double.IsNaN(expected) && double.IsNaN(actual)),
        $"{what} is {actual:R}, expected {expected:R}");
}
