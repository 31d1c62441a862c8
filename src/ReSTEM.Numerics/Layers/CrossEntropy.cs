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
    public static float Backward(Span<float> logits, int target, float weight, float smoothing = 0) =>
        Backward(logits, target, target, 1, weight, smoothing);

    /// <summary>
    /// The same for two targets: <c>q = (1 - smoothing) (share onehot(target) + (1 - share) onehot(other)) + smoothing / V</c>. With a share of 1 it
    /// is that of the first, bit for bit.
    /// </summary>
    /// <param name="logits">Shape [V].</param>
    /// <param name="target">In [0, V).</param>
    /// <param name="other">In [0, V); may be the same.</param>
    /// <param name="share">Of the first, in [0, 1].</param>
    /// <param name="weight">Of this prediction in the loss.</param>
    /// <param name="smoothing">In [0, 1).</param>
    public static float Backward(Span<float> logits, int target, int other, float share, float weight, float smoothing = 0)
    {
        float wanted = share == 1 ? logits[target] : (share * logits[target]) + ((1 - share) * logits[other]);
        float max = Reduction.Max(logits);
        float mean = smoothing > 0 ? Reduction.Sum(logits) / logits.Length : 0;
        float sum = Softmax.Exponentials(logits, max, logits);
        Elementwise.Scale(logits, weight / sum);
        float logSum = VectorMath.Log(sum);
        float left = weight;
        if (smoothing > 0)
        {
            Elementwise.Add(logits, -weight * smoothing / logits.Length, logits);
            left = weight * (1 - smoothing);
        }

        logits[target] -= share == 1 ? left : left * share;
        logits[other] -= share == 1 ? 0 : left * (1 - share);
        return smoothing == 0
            ? logSum + (max - wanted)
            : logSum + ((1 - smoothing) * (max - wanted)) + (smoothing * (max - mean));
    }
}
