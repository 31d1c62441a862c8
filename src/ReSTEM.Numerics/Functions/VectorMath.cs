using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>
/// Exponential and logarithm with the same bits on every machine: only IEEE operations and fused multiply-adds, no library.
/// </summary>
/// <remarks>Range reduction by powers of two, then polynomials through Chebyshev nodes (fitted for this project).</remarks>
public static class VectorMath
{
    /// <summary>Largest relative error of <see cref="Exp(float)"/> on [-87.3, 88.7].</summary>
    public const double ExpRelativeError = 1.5e-7;

    /// <summary>Largest relative error of <see cref="Log(float)"/> on positive normal numbers.</summary>
    public const double LogRelativeError = 2e-7;

    private const float Log2E = 1.4426950216293335f;
    private const float Ln2High = 0.693115234375f; // 12 low bits are 0, so that n * Ln2High is exact
    private const float Ln2Low = 3.194618329871446e-05f;
    private const float RoundingMagic = 12582912f; // 1.5 * 2^23: adding it leaves the nearest integer in the low bits
    private const float ExpLowest = -87.336544f; // log of the smallest normal number
    private const float ExpHighest = 89f; // beyond the log of the largest number
    private const float TanhNear = 0.25f; // the series has an error of 1e-8 here

    /// <summary>e^x; 0 below the log of the smallest normal number, infinity above the log of the largest number.</summary>
    public static float Exp(float x) => Exp(Vector512.Create(x)).GetElement(0);

    /// <summary>Natural logarithm; not a number below 0, minus infinity at 0; denormal numbers count as 0.</summary>
    public static float Log(float x) => Log(Vector512.Create(x)).GetElement(0);

    /// <summary>Hyperbolic tangent, with an absolute error of at most 2e-7.</summary>
    public static float Tanh(float x) => Tanh(Vector512.Create(x)).GetElement(0);

    /// <summary><c>output[i] = e^input[i]</c>; the output may be the input itself.</summary>
    public static void Exp(ReadOnlySpan<float> input, Span<float> output)
    {
        Shape.Same(output.Length, input.Length);
        for (int index = 0; index < input.Length; index += Lanes.Count)
        {
            Lanes.Store(Exp(Lanes.Load(input, index)), output, index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Exp(Vector512<float> x)
    {
        var clamped = Vector512.ConditionalSelect(
            Vector512.GreaterThan(x, Vector512.Create(ExpHighest)), Vector512.Create(ExpHighest), x);
        var shifted = Vector512.FusedMultiplyAdd(clamped, Vector512.Create(Log2E), Vector512.Create(RoundingMagic));
        var n = shifted - Vector512.Create(RoundingMagic);
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2High), clamped);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Low), r);

        var p = Vector512.Create(0.0013926213141530752f);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.008363203145563602f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.041666556149721146f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.16666576266288757f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.5f));
        p = Vector512.FusedMultiplyAdd(p, r * r, r) + Vector512<float>.One;

        // 2^n in two factors, since 2^128 is not a number
        var exponent = shifted.AsInt32() - Vector512.Create(RoundingMagic).AsInt32();
        var half = Vector512.ShiftRightArithmetic(exponent, 1);
        var result = p * PowerOfTwo(half) * PowerOfTwo(exponent - half);
        return Vector512.ConditionalSelect(
            Vector512.LessThan(x, Vector512.Create(ExpLowest)), Vector512<float>.Zero, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Log(Vector512<float> x)
    {
        // x = 2^n (1 + f) with 1 + f in [sqrt(1/2), sqrt(2))
        var bits = x.AsInt32() - Vector512.Create(BitConverter.SingleToInt32Bits(0.70710677f));
        var exponent = Vector512.ShiftRightArithmetic(bits, 23);
        var n = Vector512.ConvertToSingle(exponent);
        var f = (x.AsInt32() - Vector512.ShiftLeft(exponent, 23)).AsSingle() - Vector512<float>.One;

        var p = Vector512.Create(0.06971478462219238f);
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(-0.11481407284736633f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.1168622225522995f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(-0.1242552399635315f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.14248967170715332f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(-0.1666780561208725f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.20000718533992767f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(-0.2499999701976776f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.3333333134651184f));
        var square = f * f;
        var tail = Vector512.FusedMultiplyAdd(p * f, square, Vector512.FusedMultiplyAdd(
            n, Vector512.Create(Ln2Low), Vector512.Create(-0.5f) * square));
        var result = Vector512.FusedMultiplyAdd(n, Vector512.Create(Ln2High), f + tail);
        return SpecialLog(x, result);
    }

    /// <summary>By the series near 0, where the quotient of exponentials would lose digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Tanh(Vector512<float> x)
    {
        var square = x * x;
        var p = Vector512.Create(62f / 2835);
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(-17f / 315));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(2f / 15));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(-1f / 3));
        var near = Vector512.FusedMultiplyAdd(p * square, x, x);
        var size = Vector512.Abs(x);
        var far = Vector512<float>.One - (Vector512.Create(2f) / (Exp(size + size) + Vector512<float>.One));
        far |= x & Vector512.Create(-0f);
        var isNear = Vector512.LessThan(square, Vector512.Create(TanhNear * TanhNear));
        return Vector512.ConditionalSelect(isNear, near, far);
    }

    private static Vector512<float> SpecialLog(Vector512<float> x, Vector512<float> result)
    {
        var smallestNormal = Vector512.Create(1.17549435e-38f);
        result = Vector512.ConditionalSelect(
            Vector512.LessThan(x, smallestNormal), Vector512.Create(float.NegativeInfinity), result);
        var positive = Vector512.GreaterThanOrEqual(x, Vector512<float>.Zero);
        result = Vector512.ConditionalSelect(positive, result, Vector512.Create(float.NaN));
        var infinite = Vector512.Equals(x, Vector512.Create(float.PositiveInfinity));
        return Vector512.ConditionalSelect(infinite, x, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> PowerOfTwo(Vector512<int> exponent) =>
        Vector512.ShiftLeft(exponent + Vector512.Create(127), 23).AsSingle();
}
