using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>An activation of the form <c>x sigmoid(v(x))</c>.</summary>
internal interface IActivation
{
    /// <summary>v(x).</summary>
    static abstract Vector512<float> Inner(Vector512<float> x);

    /// <summary>x v'(x).</summary>
    static abstract Vector512<float> InnerSlope(Vector512<float> x);
}

/// <summary><c>v(x) = x</c>.</summary>
internal readonly struct Silu : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Inner(Vector512<float> x) => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> InnerSlope(Vector512<float> x) => x;
}

/// <summary><c>x / 2 (1 + tanh(u)) = x sigmoid(2 u)</c> with <c>u = sqrt(2 / pi) (x + 0.044715 x^3)</c>.</summary>
/// <remarks>Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2.</remarks>
internal readonly struct GeluTanh : IActivation
{
    private const float Twice = 1.5957691216057308f; // 2 sqrt(2 / pi)
    private const float Cubic = 0.044715f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Inner(Vector512<float> x) =>
        Vector512.FusedMultiplyAdd(x * x * Cubic, x, x) * Twice;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> InnerSlope(Vector512<float> x) =>
        Vector512.FusedMultiplyAdd(x * x * (3 * Cubic), x, x) * Twice;
}

/// <summary>The feed-forward layer's activation, with or without a gate, for any <see cref="IActivation"/>.</summary>
internal static class ActivationUnit<TActivation>
    where TActivation : struct, IActivation
{
    /// <summary><c>output[t, f] = act(gate[t, f]) * up[t, f]</c>.</summary>
    internal static void Gated(ReadOnlySpan<float> gateUp, int dim, Span<float> output)
    {
        Shape.Same(gateUp.Length, 2L * output.Length);
        Shape.Same(output.Length % dim, 0);
        for (int start = 0; start < output.Length; start += dim)
        {
            GatedRow(gateUp.Slice(2 * start, dim), gateUp.Slice((2 * start) + dim, dim), output.Slice(start, dim));
        }
    }

    /// <summary>
    /// With s the sigmoid: <c>dgate = dy up s (1 + x v'(x) (1 - s))</c>, <c>dup = dy gate s</c>.
    /// </summary>
    internal static void GatedBackward(ReadOnlySpan<float> gateUp, int dim, ReadOnlySpan<float> outputGradient, Span<float> gateUpGradient)
    {
        Shape.Same(gateUp.Length, 2L * outputGradient.Length);
        Shape.Same(gateUpGradient.Length, gateUp.Length);
        Shape.Same(outputGradient.Length % dim, 0);
        for (int start = 0; start < outputGradient.Length; start += dim)
        {
            GatedBackwardRow(
                gateUp.Slice(2 * start, dim), gateUp.Slice((2 * start) + dim, dim), outputGradient.Slice(start, dim),
                gateUpGradient.Slice(2 * start, dim), gateUpGradient.Slice((2 * start) + dim, dim));
        }
    }

    /// <summary><c>output[i] = act(x[i])</c>.</summary>
    internal static void Plain(ReadOnlySpan<float> x, Span<float> output)
    {
        Shape.Same(output.Length, x.Length);
        for (int index = 0; index < x.Length; index += Lanes.Count)
        {
            var value = Lanes.Load(x, index);
            Lanes.Store(value * Sigmoid(TActivation.Inner(value)), output, index);
        }
    }

    /// <summary><c>dx[i] = dy[i] act'(x[i])</c>; dx may be x or dy itself.</summary>
    internal static void PlainBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        Shape.Same(outputGradient.Length, x.Length);
        Shape.Same(inputGradient.Length, x.Length);
        for (int index = 0; index < x.Length; index += Lanes.Count)
        {
            Vector512<float> value = Lanes.Load(x, index), sigmoid = Sigmoid(TActivation.Inner(value));
            Lanes.Store(Lanes.Load(outputGradient, index) * sigmoid * Slope(value, sigmoid), inputGradient, index);
        }
    }

    private static void GatedRow(ReadOnlySpan<float> gate, ReadOnlySpan<float> up, Span<float> output)
    {
        for (int index = 0; index < gate.Length; index += Lanes.Count)
        {
            var x = Lanes.Load(gate, index);
            Lanes.Store(x * Sigmoid(TActivation.Inner(x)) * Lanes.Load(up, index), output, index);
        }
    }

    private static void GatedBackwardRow(
        ReadOnlySpan<float> gate, ReadOnlySpan<float> up, ReadOnlySpan<float> dy, Span<float> dgate, Span<float> dup)
    {
        for (int index = 0; index < gate.Length; index += Lanes.Count)
        {
            Vector512<float> x = Lanes.Load(gate, index), y = Lanes.Load(up, index), d = Lanes.Load(dy, index);
            var sigmoid = Sigmoid(TActivation.Inner(x));
            Lanes.Store(d * y * sigmoid * Slope(x, sigmoid), dgate, index);
            Lanes.Store(d * x * sigmoid, dup, index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Slope(Vector512<float> x, Vector512<float> sigmoid) =>
        Vector512.FusedMultiplyAdd(TActivation.InnerSlope(x), Vector512<float>.One - sigmoid, Vector512<float>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sigmoid(Vector512<float> x) =>
        Vector512<float>.One / (Vector512<float>.One + VectorMath.Exp(-x));
}
