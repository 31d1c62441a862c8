using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>The rotary embedding of a configuration; sampling and training take it from here, so that they agree.</summary>
public static class ModelRope
{
    /// <summary>Angles of all positions of the context.</summary>
    public static RopeTable Table(ModelConfig config)
    {
        float[] frequencies = RopeTable.Frequencies(config.HeadDim, config.RopeTheta);
        if (config.RopeScaling is { } scaling)
        {
            frequencies = RopeScaling.Llama3(
                frequencies, scaling.Factor, scaling.LowFrequencyFactor, scaling.HighFrequencyFactor,
                scaling.OriginalContextLength);
        }

        return new RopeTable(config.ContextLength, frequencies);
    }
}
