namespace ReSTEM.Numerics;

/// <summary>The negative log-likelihood of target tokens, and its gradient.</summary>
public static class CrossEntropy
{
    /// <summary>
    /// Replaces a row of logits z by the gradient <c>weight (softmax(z) - onehot(target))</c> and returns
    /// <c>-log softmax(z)[target]</c> in nats, not weighted.
    /// </summary>
    /// <param name="logits">Shape [V].</param>
    /// <param name="target">In [0, V).</param>
    /// <param name="weight">Of this prediction in the loss.</param>
    public static float Backward(Span<float> logits, int target, float weight)
    {
        float targetLogit = logits[target], max = Reduction.Max(logits);
        float sum = Softmax.Exponentials(logits, max, logits);
        Elementwise.Scale(logits, weight / sum);
        logits[target] -= weight;
        return VectorMath.Log(sum) + (max - targetLogit);
    }
}
