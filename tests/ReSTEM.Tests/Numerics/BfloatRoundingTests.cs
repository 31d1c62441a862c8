using ReSTEM.Numerics;

namespace ReSTEM.Tests;

public sealed class BfloatRoundingTests
{
    [Theory]
    [InlineData(0x3F800000u, 0x3F80)] // one
    [InlineData(0x3F808000u, 0x3F80)] // halfway, the even one below
    [InlineData(0x3F818000u, 0x3F82)] // halfway, the even one above
    [InlineData(0x3F808001u, 0x3F81)]
    [InlineData(0x3F817FFFu, 0x3F81)]
    [InlineData(0xBF808001u, 0xBF81)]
    [InlineData(0x7F7F8000u, 0x7F80)] // beyond the largest
    [InlineData(0x7F800000u, 0x7F80)]
    [InlineData(0xFF800000u, 0xFF80)]
    [InlineData(0x7F800001u, 0x7FC0)] // no number, of which only the lower half says so
    [InlineData(0xFFFFFFFFu, 0xFFFF)]
    [InlineData(0x00800000u, 0x0080)] // 2^-126
    [InlineData(0x007FFFFFu, 0x0080)] // rounds up to it
    [InlineData(0x007F7FFFu, 0x0000)] // would be denormal
    [InlineData(0x80400000u, 0x8000)]
    [InlineData(0x80000000u, 0x8000)]
    public void Rounds_to_the_nearest_with_halfway_to_even(uint bits, int expected)
    {
        float value = BitConverter.UInt32BitsToSingle(bits);
        var values = new float[33]; // the last one is beyond whole registers
        Array.Fill(values, value);
        var rounded = new float[33];
        var halves = new ushort[33];
        BfloatRounding.Round(values, rounded);
        BfloatRounding.Narrow(values, halves);

        Assert.All([BfloatRounding.Round(value), .. rounded], number => Assert.Equal((uint)expected << 16, BitConverter.SingleToUInt32Bits(number)));
        Assert.All(halves, half => Assert.Equal(expected, half));
    }

    [Fact]
    public void Registers_round_as_single_numbers_do()
    {
        float[] values = [.. Enumerable.Range(0, 1 << 16).Select(static index => BitConverter.UInt32BitsToSingle((uint)index * 65521u))];
        var rounded = new float[values.Length];
        BfloatRounding.Round(values, rounded);

        KernelData.AssertSameBits([.. values.Select(BfloatRounding.Round)], rounded);
    }
}
