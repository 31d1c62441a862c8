using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>Layer normalisation.</summary>
/// <remarks>Ba et al. 2016, arXiv:1607.06450, section 3. <c>T</c> tokens, <c>D</c> model dim.</remarks>
public static class LayerNorm
{
    /// <summary><c>output[d] = weight[d] (x[d] - mean) / sqrt(variance + epsilon) + bias[d]</c>, for each token.</summary>
    /// <param name="x">Shape [T, D].</param>
    /// <param name="weight">Gain, shape [D].</param>
    /// <param name="bias">Shape [D].</param>
    /// <param name="epsilon">Added under the root, typically 1e-5.</param>
    /// <param name="output">Shape [T, D]. May be <paramref name="x"/> itself.</param>
    public static void Apply(
        ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, float epsilon, Span<float> output)
    {
        Shape.Same(output.Length, x.Length);
        Shape.Same(bias.Length, weight.Length);
        Shape.Same(x.Length % weight.Length, 0);
        for (int start = 0; start < x.Length; start += weight.Length)
        {
            var row = x.Slice(start, weight.Length);
            var (mean, scale) = Moments(row, epsilon);
            var target = output.Slice(start, weight.Length);
            for (int index = 0; index < row.Length; index += Lanes.Count)
            {
                var normed = (Lanes.Load(row, index) - Vector512.Create(mean)) * scale;
                Lanes.Store(Vector512.FusedMultiplyAdd(normed, Lanes.Load(weight, index), Lanes.Load(bias, index)), target, index);
            }
        }
    }

    /// <summary>Mean of one token's row, and the factor on what is left without it.</summary>
    internal static (float Mean, float Scale) Moments(ReadOnlySpan<float> row, float epsilon)
    {
        float mean = Reduction.Sum(row) / row.Length;
        var sums = Vector512<float>.Zero;
        for (int index = 0; index < row.Length; index += Lanes.Count)
        {
            var centred = Lanes.Load(row, index) - Vector512.Create(mean);
            var valid = Lanes.Valid(row.Length - index);
            sums = Vector512.FusedMultiplyAdd(centred & valid, centred & valid, sums);
        }

        return (mean, 1 / MathF.Sqrt((Lanes.Sum(sums) / row.Length) + epsilon));
    }
}
