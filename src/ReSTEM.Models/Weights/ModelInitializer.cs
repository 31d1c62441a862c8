using ReSTEM.Core;

namespace ReSTEM.Models;

/// <summary>Random weights to train a model from the beginning.</summary>
public static class ModelInitializer
{
    private const double Spread = 0.02;

    /// <summary>
    /// Normal numbers of standard deviation 0.02, divided by sqrt(2 L) for the projections that write into the residual stream;
    /// norm gains 1, biases 0. Each tensor has numbers of its own, keyed by its name.
    /// </summary>
    /// <param name="config">Shapes.</param>
    /// <param name="random">Its key is used; its place is not.</param>
    /// <remarks>Radford et al. 2019, "Language models are unsupervised multitask learners", section 2.3.</remarks>
    public static ModelWeights Create(ModelConfig config, RandomStream random)
    {
        var weights = ModelWeights.Zeros(config);
        foreach (var (place, tensor) in weights.Places.Zip(weights.Tensors))
        {
            if (tensor.Shape.Count > 1)
            {
                bool writesResidual = place.Part is WeightPart.Output or WeightPart.Down;
                double spread = writesResidual ? Spread / Math.Sqrt(2 * config.LayerCount) : Spread;
                Fill(tensor.Values, random.At(0, tensor.Name, 0).Sequence(), spread);
            }
            else if (IsGain(place.Part))
            {
                tensor.Values.AsSpan().Fill(1 - config.Family.GainOffset);
            }
        }

        return weights;
    }

    private static bool IsGain(WeightPart part) => part is WeightPart.AttentionNorm or WeightPart.QueryNorm or WeightPart.KeyNorm
        or WeightPart.AfterAttentionNorm or WeightPart.FeedForwardNorm or WeightPart.AfterFeedForwardNorm or WeightPart.FinalNorm;

    private static void Fill(float[] values, RandomSequence random, double spread)
    {
        for (int index = 0; index < values.Length; index += 2)
        {
            var (first, second) = random.Normals();
            values[index] = (float)(first * spread);
            if (index + 1 < values.Length)
            {
                values[index + 1] = (float)(second * spread);
            }
        }
    }
}
