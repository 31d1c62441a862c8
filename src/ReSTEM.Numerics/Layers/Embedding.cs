namespace ReSTEM.Numerics;

/// <summary>The table of token embeddings, shape [V, D].</summary>
public static class Embedding
{
    /// <summary><c>tableGradient[ids[t]] += outputGradient[t]</c>, one token after the other.</summary>
    /// <param name="outputGradient">Shape [T, D].</param>
    /// <param name="ids">T token ids in [0, V).</param>
    /// <param name="tableGradient">Shape [V, D].</param>
    /// <param name="dim">D.</param>
    public static void ScatterAdd(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<int> ids, Span<float> tableGradient, int dim)
    {
        Shape.Same(outputGradient.Length, (long)ids.Length * dim);
        for (int t = 0; t < ids.Length; t++)
        {
            Elementwise.Add(tableGradient.Slice(checked(ids[t] * dim), dim), outputGradient.Slice(t * dim, dim));
        }
    }
}
