using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Engines;

/// <summary>The rotary embeddings of a configuration; sampling and training take them from here, so that they agree.</summary>
public static class ModelRope
{
    /// <summary>Angles of all positions of the context.</summary>
    public static RopeTable Table(RopeConfig rope, int contextLength)
    {
        float[] frequencies = RopeTable.Frequencies(rope.Dim, rope.Theta);
        return rope.Scaling switch
        {
            null => new RopeTable(contextLength, frequencies),
            LinearRopeScaling linear => new RopeTable(contextLength, RopeScaling.Linear(frequencies, linear.Factor)),
            Llama3RopeScaling llama => new RopeTable(contextLength, RopeScaling.Llama3(
                frequencies, llama.Factor, llama.LowFrequencyFactor, llama.HighFrequencyFactor, llama.OriginalContextLength)),
            YarnRopeScaling yarn => new RopeTable(
                contextLength,
                RopeScaling.Yarn(
                    frequencies, rope.Theta, yarn.Factor, yarn.OriginalContextLength, yarn.BetaFast, yarn.BetaSlow, yarn.Truncates),
                (float)yarn.AttentionFactor),
            LongRopeScaling longer => new RopeTable(
                contextLength, RopeScaling.PerPair(frequencies, longer.Factors), (float)longer.AttentionFactor),
            _ => throw new ArgumentOutOfRangeException(nameof(rope), rope.Scaling, "expected a scaling of the configuration."),
        };
    }

    /// <summary>The table of each layer; layers that turn alike share one. Null where positions are learned.</summary>
    public static RopeTable?[] Tables(ModelConfig config)
    {
        var tables = new Dictionary<RopeConfig, RopeTable>();
        var layers = new RopeTable?[config.LayerCount];
        for (int layer = 0; layer < layers.Length; layer++)
        {
            if (config.RopeOf(layer) is not { } rope)
            {
                continue;
            }

            if (!tables.TryGetValue(rope, out var table))
            {
                tables[rope] = table = Table(rope, config.ContextLength);
            }

            layers[layer] = table;
        }

        return layers;
    }
}
