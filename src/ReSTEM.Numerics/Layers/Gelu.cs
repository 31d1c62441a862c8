namespace ReSTEM.Numerics;

/// <summary>GELU in its tanh form: <c>x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))</c>.</summary>
/// <remarks>Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2.</remarks>
public static class Gelu
{
    /// <summary><c>output[i] = gelu(x[i])</c>; the output may be the input itself.</summary>
    /// <param name="x">Any numbers.</param>
    /// <param name="output">As long as x.</param>
    public static void Apply(ReadOnlySpan<float> x, Span<float> output) => ActivationUnit<GeluTanh>.Plain(x, output);

    /// <summary><c>dx[i] = dy[i] gelu'(x[i])</c>.</summary>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="outputGradient">dy.</param>
    /// <param name="inputGradient">dx; may be x or dy itself.</param>
    public static void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        ActivationUnit<GeluTanh>.PlainBackward(x, outputGradient, inputGradient);
}
