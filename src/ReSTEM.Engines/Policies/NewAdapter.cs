using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Engines;

/// <summary>The adapter that a training job begins with.</summary>
public static class NewAdapter
{
    /// <summary>A uniform in +-1 / sqrt(in), as PEFT draws it, and B zero.</summary>
    /// <param name="job">Rank, targets, and the random numbers, which are keyed by the tensors' names.</param>
    /// <param name="model">Shapes.</param>
    /// <exception cref="InvalidDataException">A target matches no projection.</exception>
    public static Adapter Create(AdapterJob job, ModelConfig model)
    {
        double alpha = job.Options.EffectiveAlpha;
        var config = new AdapterConfig
        {
            Rank = job.Options.Rank,
            Alpha = alpha,
            Scale = (float)(alpha / job.Options.Rank),
            TargetModules = job.Options.TargetModules,
        };
        return Adapter.Create(config, model, (place, down) =>
        {
            var random = job.Random.At(0, place.Name, 0).Sequence();
            double bound = 1 / Math.Sqrt(place.RowLength);
            for (int index = 0; index < down.Length; index++)
            {
                down[index] = (float)(((2 * random.Uniform()) - 1) * bound);
            }
        });
    }
}
