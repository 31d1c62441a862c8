namespace ReSTEM.Core;

/// <summary>
/// Predicted gain B: mean over accepted samples of log p(y|x) under the new policy minus under the one that was sampled, of the same
/// tokens. By Jensen's inequality it bounds the gain of log Z from below, for untempered sampling.
/// </summary>
public sealed class PredictedGain
{
    private double _sum;
    private double _count;

    /// <summary>In nats per sample; null where no sample was taken.</summary>
    public double? Value => _count == 0 ? null : _sum / _count;

    /// <summary>Takes one kept completion, as often as it was drawn.</summary>
    /// <param name="count">How often it was drawn.</param>
    /// <param name="before">Its log-probability under the policy that drew it, in nats.</param>
    /// <param name="after">Its log-probability under the new policy.</param>
    public void Add(int count, double before, double after)
    {
        _sum += count * (after - before);
        _count += count;
    }
}
