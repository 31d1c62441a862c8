using System.Numerics.Tensors;

namespace ReSTEM.Numerics;

/// <summary>Operations on each element by itself, so that no order matters.</summary>
public static class Elementwise
{
    /// <summary><c>x[i] += y[i]</c>, the residual connection.</summary>
    public static void Add(Span<float> x, ReadOnlySpan<float> y) => TensorPrimitives.Add(x, y, x);

    /// <summary><c>output[i] = x[i] + value</c>.</summary>
    internal static void Add(ReadOnlySpan<float> x, float value, Span<float> output) =>
        TensorPrimitives.Add(x, value, output);

    /// <summary><c>x[i] *= factor</c>.</summary>
    public static void Scale(Span<float> x, float factor) => TensorPrimitives.Multiply(x, factor, x);
}
