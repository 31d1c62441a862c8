namespace ReSTEM.Numerics;

/// <summary>Softmax of a row of logits and its normaliser.</summary>
public static class Softmax
{
    /// <summary><c>output[i] = e^(logits[i] - max) / sum_j e^(logits[j] - max)</c>; the output may be the input itself.</summary>
    /// <param name="logits">At least one; minus infinity gives probability 0.</param>
    /// <param name="output">As long as the logits.</param>
    public static void Apply(ReadOnlySpan<float> logits, Span<float> output)
    {
        Shape.AtLeast(logits.Length, 1);
        float sum = Exponentials(logits, Reduction.Max(logits), output);
        Elementwise.Scale(output, 1 / sum);
    }

    /// <summary><c>log sum_i e^logits[i]</c>.</summary>
    /// <param name="logits">At least one.</param>
    /// <param name="scratch">As long as the logits; may be the logits themselves, which are then lost.</param>
    public static float LogSumExp(ReadOnlySpan<float> logits, Span<float> scratch)
    {
        Shape.AtLeast(logits.Length, 1);
        float max = Reduction.Max(logits);
        return max + VectorMath.Log(Exponentials(logits, max, scratch));
    }

    /// <summary>Writes <c>e^(logits[i] - max)</c> and returns their sum in lane order.</summary>
    internal static float Exponentials(ReadOnlySpan<float> logits, float max, Span<float> output)
    {
        Shape.Same(output.Length, logits.Length);
        Elementwise.Add(logits, -max, output);
        VectorMath.Exp(output, output);
        return Reduction.Sum(output);
    }
}
