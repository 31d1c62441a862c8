namespace ReSTEM.Numerics;

/// <summary>
/// The arithmetic of all bfloat16 products, written out number by number: what every kernel must give, bit for bit. A pair of neighbours
/// is added to a float32 sum by two fused multiply-adds, first the pair's first number, which lies in the upper half of its word; each
/// result is rounded to the nearest float32, halfway to even, and one whose magnitude, rounded to 24 bits, is below 2^-126 becomes a
/// zero of its sign. So does a sum that comes in. A chain of pairs is thus one chain of multiply-adds in ascending order.
/// </summary>
/// <remarks>
/// The operation of VDPBF16PS in Intel's Software Developer's Manual, volume 2: denormal inputs are zeros, denormal outputs are
/// flushed, whatever MXCSR says. Bits of results that are no numbers are not promised.
/// </remarks>
internal static class PairSum
{
    internal const float LeastNormal = 1.17549435e-38f; // 2^-126

    // From here to 2^-126 a sum rounds to 2^-126 even where no denormals are; below, it only does where they are. 2^-126 - 2^-151.
    private const double Border = LeastNormal - ((double)LeastNormal / (1 << 25));

    /// <summary><c>sum + a0 b0 + a1 b1</c>, in that order.</summary>
    /// <param name="sum">Where the chain stands.</param>
    /// <param name="a">A pair.</param>
    /// <param name="b">A pair.</param>
    internal static float Add(float sum, uint a, uint b) =>
        MultiplyAdd(Second(a), Second(b), MultiplyAdd(First(a), First(b), Flush(sum)));

    /// <summary><c>a b + sum</c> with one rounding, denormals flushed.</summary>
    /// <param name="a">A bfloat16.</param>
    /// <param name="b">A bfloat16.</param>
    /// <param name="sum">Not denormal.</param>
    internal static float MultiplyAdd(float a, float b, float sum)
    {
        float result = MathF.FusedMultiplyAdd(Flush(a), Flush(b), sum);
        return MathF.Abs(result) == LeastNormal ? AtTheBorder(Flush(a), Flush(b), sum, result) : Flush(result);
    }

    /// <summary>A zero of the number's sign instead of a denormal one.</summary>
    internal static float Flush(float value) => MathF.Abs(value) < LeastNormal ? MathF.CopySign(0, value) : value;

    /// <summary>The first number of a pair.</summary>
    internal static float First(uint pair) => BitConverter.UInt32BitsToSingle(pair & 0xFFFF0000);

    /// <summary>The second number of a pair.</summary>
    internal static float Second(uint pair) => BitConverter.UInt32BitsToSingle(pair << 16);

    /// <summary>
    /// A result of 2^-126 or its negative: with denormals, more is rounded to it than without. The exact sum of a product (at most 16
    /// bits) and a float32 is a double and what it leaves over (Knuth, The Art of Computer Programming 2, section 4.2.2, theorem B).
    /// </summary>
    private static float AtTheBorder(float a, float b, float sum, float result)
    {
        double sign = result < 0 ? -1 : 1, product = sign * a * b, start = sign * sum;
        double total = product + start, taken = total - product;
        double rest = product - (total - taken) + (start - taken);
        return total < Border || (total == Border && rest < 0) ? MathF.CopySign(0, result) : result;
    }
}
