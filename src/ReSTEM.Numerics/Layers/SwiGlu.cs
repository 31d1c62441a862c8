using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>The gated activation of the feed-forward layer.</summary>
/// <remarks>Shazeer 2020, arXiv:2002.05202, equation 6. <c>T</c> tokens, <c>F</c> feed-forward dim.</remarks>
public static class SwiGlu
{
    /// <summary><c>output[t, f] = silu(gate[t, f]) * up[t, f]</c>, <c>silu(x) = x / (1 + e^-x)</c>.</summary>
    /// <param name="gateUp">Shape [T, 2 F]: in each row the F gates, then the F up-projections.</param>
    /// <param name="feedForwardDim">F.</param>
    /// <param name="output">Shape [T, F].</param>
    public static void Apply(ReadOnlySpan<float> gateUp, int feedForwardDim, Span<float> output)
    {
        Shape.Same(gateUp.Length, 2L * output.Length);
        Shape.Same(output.Length % feedForwardDim, 0);
        for (int start = 0; start < output.Length; start += feedForwardDim)
        {
            ApplyRow(
                gateUp.Slice(2 * start, feedForwardDim), gateUp.Slice(2 * start + feedForwardDim, feedForwardDim),
                output.Slice(start, feedForwardDim));
        }
    }

    /// <summary>
    /// The gradient: <c>dgate = dy up sigmoid(gate) (1 + gate (1 - sigmoid(gate)))</c>, <c>dup = dy gate sigmoid(gate)</c>.
    /// </summary>
    /// <param name="gateUp">Input of the forward pass, shape [T, 2 F].</param>
    /// <param name="feedForwardDim">F.</param>
    /// <param name="outputGradient">dy, shape [T, F].</param>
    /// <param name="gateUpGradient">Shape [T, 2 F]; may be <paramref name="gateUp"/> itself.</param>
    public static void Backward(
        ReadOnlySpan<float> gateUp, int feedForwardDim, ReadOnlySpan<float> outputGradient, Span<float> gateUpGradient)
    {
        Shape.Same(gateUp.Length, 2L * outputGradient.Length);
        Shape.Same(gateUpGradient.Length, gateUp.Length);
        Shape.Same(outputGradient.Length % feedForwardDim, 0);
        int dim = feedForwardDim;
        for (int start = 0; start < outputGradient.Length; start += dim)
        {
            BackwardRow(
                gateUp.Slice(2 * start, dim), gateUp.Slice((2 * start) + dim, dim), outputGradient.Slice(start, dim),
                gateUpGradient.Slice(2 * start, dim), gateUpGradient.Slice((2 * start) + dim, dim));
        }
    }

    private static void BackwardRow(
        ReadOnlySpan<float> gate, ReadOnlySpan<float> up, ReadOnlySpan<float> dy, Span<float> dgate, Span<float> dup)
    {
        for (int index = 0; index < gate.Length; index += Lanes.Count)
        {
            Vector512<float> x = Lanes.Load(gate, index), y = Lanes.Load(up, index), d = Lanes.Load(dy, index);
            var sigmoid = Sigmoid(x);
            var slope = Vector512.FusedMultiplyAdd(x, Vector512<float>.One - sigmoid, Vector512<float>.One);
            Lanes.Store(d * y * sigmoid * slope, dgate, index);
            Lanes.Store(d * x * sigmoid, dup, index);
        }
    }

    private static void ApplyRow(ReadOnlySpan<float> gate, ReadOnlySpan<float> up, Span<float> output)
    {
        for (int index = 0; index < gate.Length; index += Lanes.Count)
        {
            var x = Lanes.Load(gate, index);
            Lanes.Store(x * Sigmoid(x) * Lanes.Load(up, index), output, index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Sigmoid(Vector512<float> x) =>
        Vector512<float>.One / (Vector512<float>.One + VectorMath.Exp(-x));
}
