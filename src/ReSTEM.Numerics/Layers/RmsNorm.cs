namespace ReSTEM.Numerics;

/// <summary>Root mean square layer normalisation.</summary>
/// <remarks>Zhang and Sennrich 2019, arXiv:1910.07467, equation 4. <c>T</c> tokens, <c>D</c> model dim.</remarks>
public static class RmsNorm
{
    /// <summary><c>output[d] = weight[d] * (x[d] * scale)</c>, <c>scale = 1 / sqrt(mean(x^2) + epsilon)</c>, for each token.</summary>
    /// <param name="x">Shape [T, D].</param>
    /// <param name="weight">Learned gain, shape [D].</param>
    /// <param name="epsilon">Added under the root, typically 1e-6.</param>
    /// <param name="output">Shape [T, D]. May be <paramref name="x"/> itself.</param>
    public static void Apply(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float epsilon, Span<float> output)
    {
        Shape.Same(output.Length, x.Length);
        Shape.Same(x.Length % weight.Length, 0);
        for (int start = 0; start < x.Length; start += weight.Length)
        {
            var row = x.Slice(start, weight.Length);
            ScaleRow(row, weight, Scale(row, epsilon), output.Slice(start, weight.Length));
        }
    }

    /// <summary>The factor of one token's row.</summary>
    internal static float Scale(ReadOnlySpan<float> row, float epsilon) =>
        1 / MathF.Sqrt((Reduction.SumOfSquares(row) / row.Length) + epsilon);

    private static void ScaleRow(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float scale, Span<float> output)
    {
        for (int index = 0; index < x.Length; index += Lanes.Count)
        {
            Lanes.Store(Lanes.Load(x, index) * scale * Lanes.Load(weight, index), output, index);
        }
    }
}
