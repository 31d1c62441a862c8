using ReSTEM.Reporting;

namespace ReSTEM.Tests;

public sealed class ShownTests
{
    [Theory]
    [InlineData(1258, 0, "1,258")]
    [InlineData(-1392.46, 1, "-1,392.5")]
    [InlineData(-0.00004, 4, "0.0000")]
    [InlineData(-0.0001, 4, "-0.0001")]
    [InlineData(double.NegativeInfinity, 1, "-Infinity")]
    public void Numbers_have_commas_and_zero_has_no_sign(double value, int digits, string expected) => Assert.Equal(expected, Shown.Number(value, digits));
}
