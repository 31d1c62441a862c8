namespace ReSTEM.Numerics;

/// <summary>The cross-entropy of predictions to target tokens, and its gradient.</summary>
public static class CrossEntropy
{
    /// <summary>
    /// Replaces a row of logits z by the gradient <c>weight (softmax(z) - q)</c> and returns <c>-sum_v q_v log softmax(z)_v</c> in nats, not
    /// weighted, where the target is <c>q = (1 - smoothing) onehot(target) + smoothing / V</c>.
    /// </summary>
    /// <param name="logits">Shape [V].</param>
    /// <param name="target">In [0, V).</param>
    /// <param name="weight">Of this prediction in the loss.</param>
    /// <param name="smoothing">
    /// In [0, 1); 0 is the negative log-likelihood. Szegedy et al. 2016, arXiv:1512.00567, section 7.
    /// </param>
    public static float Backward(Span<float> logits, int target, float weight, float smoothing = 0)
    {
        float targetLogit = logits[target], max = Reduction.Max(logits);
        float mean = smoothing > 0 ? Reduction.Sum(logits) / logits.Length : 0;
        float sum = Softmax.Exponentials(logits, max, logits);
        Elementwise.Scale(logits, weight / sum);
        float logSum = VectorMath.Log(sum);
        if (smoothing == 0)
        {
            logits[target] -= weight;
            return logSum + (max - targetLogit);
        }

        Elementwise.Add(logits, -weight * smoothing / logits.Length, logits);
        logits[target] -= weight * (1 - smoothing);
        return logSum + ((1 - smoothing) * (max - targetLogit)) + (smoothing * (max - mean));
    }
}
