namespace ReSTEM.Numerics;

/// <summary>The feed-forward layer's gate with SiLU.</summary>
/// <remarks>Shazeer 2020, arXiv:2002.05202, equation 6. <c>T</c> tokens, <c>F</c> feed-forward dim.</remarks>
public static class SwiGlu
{
    /// <summary><c>output[t, f] = silu(gate[t, f]) * up[t, f]</c>, <c>silu(x) = x / (1 + e^-x)</c>.</summary>
    /// <param name="gateUp">Shape [T, 2 F]: in each row the F gates, then the F up-projections.</param>
    /// <param name="feedForwardDim">F.</param>
    /// <param name="output">Shape [T, F].</param>
    public static void Apply(ReadOnlySpan<float> gateUp, int feedForwardDim, Span<float> output) =>
        ActivationUnit<Silu>.Gated(gateUp, feedForwardDim, output);

    /// <summary>The gradient of <see cref="Apply"/>.</summary>
    /// <param name="gateUp">Input of the forward pass, shape [T, 2 F].</param>
    /// <param name="feedForwardDim">F.</param>
    /// <param name="outputGradient">dy, shape [T, F].</param>
    /// <param name="gateUpGradient">Shape [T, 2 F]; may be <paramref name="gateUp"/> itself.</param>
    public static void Backward(
        ReadOnlySpan<float> gateUp, int feedForwardDim, ReadOnlySpan<float> outputGradient, Span<float> gateUpGradient) =>
        ActivationUnit<Silu>.GatedBackward(gateUp, feedForwardDim, outputGradient, gateUpGradient);
}
