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

    private static void ApplyRow(ReadOnlySpan<float> gate, ReadOnlySpan<float> up, Span<float> output)
    {
        int index = 0;
        for (; index <= gate.Length - Lanes.Count; index += Lanes.Count)
        {
            var x = Vector512.Create(gate.Slice(index, Lanes.Count));
            (x * Sigmoid(x) * Vector512.Create(up.Slice(index, Lanes.Count))).CopyTo(output[index..]);
        }

        if (index < gate.Length)
        {
            var x = Lanes.Load(gate[index..]);
            Lanes.Store(x * Sigmoid(x) * Lanes.Load(up[index..]), output[index..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Sigmoid(Vector512<float> x) =>
        Vector512<float>.One / (Vector512<float>.One + VectorMath.Exp(-x));
}
