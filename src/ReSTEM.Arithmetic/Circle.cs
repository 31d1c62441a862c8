namespace ReSTEM.Arithmetic;

/// <summary>Sine and cosine of angles up to a little more than an eighth of a turn, by their series, within 2^-101.</summary>
internal static class Circle
{
    private static readonly PowerSeries SinSeries = new(15, 9, power => Alternating(power, (2 * power) + 1));
    private static readonly PowerSeries CosSeries = new(15, 9, power => Alternating(power, 2 * power));

    internal static DoubleDouble Sin(DoubleDouble x) => x * SinSeries.At(x * x);

    internal static DoubleDouble Cos(DoubleDouble x) => CosSeries.At(x * x);

    private static DoubleDouble Alternating(int power, int n) =>
        int.IsEvenInteger(power) ? PowerSeries.InverseFactorial(n) : -PowerSeries.InverseFactorial(n);
}
