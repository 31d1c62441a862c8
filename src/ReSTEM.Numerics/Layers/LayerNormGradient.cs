using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>The gradient of <see cref="LayerNorm"/>; that of its bias is <see cref="RmsNormGradient.AddBias"/>.</summary>
/// <remarks>
/// With n the normed input, s its scale and g = weight * dy: <c>dx = s (g - mean(g) - n mean(g n))</c>, <c>dweight = sum_t dy n</c>.
/// </remarks>
public static class LayerNormGradient
{
    /// <summary>Adds the input's gradient to <paramref name="inputGradient"/>, which the residual connection has begun.</summary>
    /// <param name="x">Input of the layer, shape [T, D].</param>
    /// <param name="weight">Gain, shape [D].</param>
    /// <param name="epsilon">As in the forward pass.</param>
    /// <param name="outputGradient">dy, shape [T, D].</param>
    /// <param name="inputGradient">dx, shape [T, D].</param>
    public static void AddInput(
        ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float epsilon, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        int dim = weight.Length;
        Shape.Same(x.Length % dim, 0);
        Shape.Same(outputGradient.Length, x.Length);
        Shape.Same(inputGradient.Length, x.Length);
        for (int start = 0; start < x.Length; start += dim)
        {
            AddRow(x.Slice(start, dim), weight, epsilon, outputGradient.Slice(start, dim), inputGradient.Slice(start, dim));
        }
    }

    /// <summary>Adds columns <paramref name="start"/> to <paramref name="end"/> of the gain's gradient, token by token.</summary>
    /// <param name="x">Input of the layer, shape [T, D].</param>
    /// <param name="epsilon">As in the forward pass.</param>
    /// <param name="outputGradient">dy, shape [T, D].</param>
    /// <param name="weightGradient">Shape [D].</param>
    /// <param name="start">First column.</param>
    /// <param name="end">One past the last column.</param>
    public static void AddWeight(
        ReadOnlySpan<float> x, float epsilon, ReadOnlySpan<float> outputGradient, Span<float> weightGradient, int start, int end)
    {
        int dim = weightGradient.Length;
        Shape.Same(x.Length % dim, 0);
        Shape.Same(outputGradient.Length, x.Length);
        for (int row = 0; row < x.Length; row += dim)
        {
            var (mean, scale) = LayerNorm.Moments(x.Slice(row, dim), epsilon);
            for (int column = start; column < end; column += Lanes.Count)
            {
                var part = weightGradient[column..Math.Min(end, column + Lanes.Count)];
                var normed = (Lanes.Load(x, row + column) - Vector512.Create(mean)) * scale;
                Lanes.Store(Vector512.FusedMultiplyAdd(Lanes.Load(outputGradient, row + column), normed, Lanes.Load(part, 0)), part, 0);
            }
        }
    }

    private static void AddRow(
        ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float epsilon, ReadOnlySpan<float> dy, Span<float> dx)
    {
        var (mean, scale) = LayerNorm.Moments(x, epsilon);
        Vector512<float> sums = default, products = default;
        for (int index = 0; index < x.Length; index += Lanes.Count)
        {
            var g = Lanes.Load(weight, index) * Lanes.Load(dy, index); // 0 beyond the row
            sums += g;
            products = Vector512.FusedMultiplyAdd(g, (Lanes.Load(x, index) - Vector512.Create(mean)) * scale, products);
        }

        float meanOfG = Lanes.Sum(sums) / x.Length, meanOfProducts = Lanes.Sum(products) / x.Length;
        for (int index = 0; index < x.Length; index += Lanes.Count)
        {
            var g = Lanes.Load(weight, index) * Lanes.Load(dy, index);
            var normed = (Lanes.Load(x, index) - Vector512.Create(mean)) * scale;
            var inner = Vector512.FusedMultiplyAdd(normed, Vector512.Create(-meanOfProducts), g - Vector512.Create(meanOfG));
            Lanes.Store(Vector512.FusedMultiplyAdd(inner, Vector512.Create(scale), Lanes.Load(dx, index)), dx, index);
        }
    }
}
