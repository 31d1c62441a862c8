using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>The gradient of <see cref="RmsNorm"/>.</summary>
/// <remarks>
/// With s the scale of a token and g = weight * dy: <c>dx = s g - x s^3 (g . x) / D</c>, <c>dweight = sum_t dy x s</c>.
/// </remarks>
public static class RmsNormGradient
{
    /// <summary>Adds the input's gradient to <paramref name="inputGradient"/>, which the residual connection has begun.</summary>
    /// <param name="x">Input of the layer, shape [T, D].</param>
    /// <param name="weight">Gain, shape [D].</param>
    /// <param name="epsilon">As in the forward pass.</param>
    /// <param name="outputGradient">dy, shape [T, D].</param>
    /// <param name="inputGradient">dx, shape [T, D].</param>
    /// <param name="scales">Receives each token's scale, shape [T], for <see cref="AddWeight"/>.</param>
    public static void AddInput(
        ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float epsilon, ReadOnlySpan<float> outputGradient,
        Span<float> inputGradient, Span<float> scales)
    {
        int dim = weight.Length;
        Shape.Same(x.Length, (long)scales.Length * dim);
        Shape.Same(outputGradient.Length, x.Length);
        Shape.Same(inputGradient.Length, x.Length);
        for (int t = 0; t < scales.Length; t++)
        {
            var row = x.Slice(t * dim, dim);
            var dy = outputGradient.Slice(t * dim, dim);
            scales[t] = RmsNorm.Scale(row, epsilon);
            float projection = -Projection(row, weight, dy) / dim * scales[t] * scales[t] * scales[t];
            AddRow(row, weight, dy, scales[t], projection, inputGradient.Slice(t * dim, dim));
        }
    }

    /// <summary>Adds columns <paramref name="start"/> to <paramref name="end"/> of the gain's gradient, token by token.</summary>
    /// <param name="x">Input of the layer, shape [T, D].</param>
    /// <param name="scales">Scale of each token, shape [T].</param>
    /// <param name="outputGradient">dy, shape [T, D].</param>
    /// <param name="weightGradient">Shape [D].</param>
    /// <param name="start">First column.</param>
    /// <param name="end">One past the last column.</param>
    public static void AddWeight(
        ReadOnlySpan<float> x, ReadOnlySpan<float> scales, ReadOnlySpan<float> outputGradient,
        Span<float> weightGradient, int start, int end)
    {
        int dim = weightGradient.Length;
        Shape.Same(x.Length, (long)scales.Length * dim);
        Shape.Same(outputGradient.Length, x.Length);
        for (int column = start; column < end; column += Lanes.Count)
        {
            var part = weightGradient[column..Math.Min(end, column + Lanes.Count)];
            var sum = Lanes.Load(part, 0);
            for (int t = 0; t < scales.Length; t++)
            {
                int at = (t * dim) + column;
                sum = Vector512.FusedMultiplyAdd(Lanes.Load(outputGradient, at), Lanes.Load(x, at) * scales[t], sum);
            }

            Lanes.Store(sum, part, 0);
        }
    }

    /// <summary>Adds columns <paramref name="start"/> to <paramref name="end"/> of a bias's gradient, token by token.</summary>
    /// <param name="outputGradient">dy, shape [T, D].</param>
    /// <param name="biasGradient">Shape [D].</param>
    /// <param name="start">First column.</param>
    /// <param name="end">One past the last column.</param>
    public static void AddBias(ReadOnlySpan<float> outputGradient, Span<float> biasGradient, int start, int end)
    {
        int dim = biasGradient.Length;
        Shape.Same(outputGradient.Length % dim, 0);
        for (int column = start; column < end; column += Lanes.Count)
        {
            var part = biasGradient[column..Math.Min(end, column + Lanes.Count)];
            var sum = Lanes.Load(part, 0);
            for (int row = 0; row < outputGradient.Length; row += dim)
            {
                sum += Lanes.Load(outputGradient, row + column);
            }

            Lanes.Store(sum, part, 0);
        }
    }

    /// <summary><c>sum_d weight[d] dy[d] x[d]</c> in lane order.</summary>
    private static float Projection(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> dy)
    {
        var sums = Vector512<float>.Zero;
        for (int index = 0; index < x.Length; index += Lanes.Count)
        {
            sums = Vector512.FusedMultiplyAdd(
                Lanes.Load(weight, index) * Lanes.Load(dy, index), Lanes.Load(x, index), sums);
        }

        return Lanes.Sum(sums);
    }

    private static void AddRow(
        ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> dy, float scale, float projection, Span<float> dx)
    {
        for (int index = 0; index < x.Length; index += Lanes.Count)
        {
            var gradient = Lanes.Load(weight, index) * Lanes.Load(dy, index);
            var sum = Vector512.FusedMultiplyAdd(gradient, Vector512.Create(scale), Lanes.Load(dx, index));
            sum = Vector512.FusedMultiplyAdd(Lanes.Load(x, index), Vector512.Create(projection), sum);
            Lanes.Store(sum, dx, index);
        }
    }
}
