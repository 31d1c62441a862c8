using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Tests;

/// <summary>Small models with random weights.</summary>
internal static class TestModels
{
    internal static ModelConfig Config(DecoderFamily? family = null, bool tied = true) => new()
    {
        Family = family ?? DecoderFamilies.Llama,
        ModelDim = 24,
        LayerCount = 2,
        HeadCount = 4,
        KvHeadCount = 2,
        HeadDim = 8,
        FeedForwardDim = 40,
        VocabularySize = 61,
        ContextLength = 96,
        NormEpsilon = 1e-5f,
        Rope = new RopeConfig(10_000, 8),
        Biases = family == DecoderFamilies.Qwen2 ? ProjectionBiases.QueryKeyValue : ProjectionBiases.None,
        TiedEmbeddings = tied,
        BeginTokenId = 1,
        EndTokenIds = [2],
    };

    /// <summary>Gains near 1, everything else normal with the given spread.</summary>
    internal static ModelWeights Random(ModelConfig config, ulong seed = 7, double spread = 0.25)
    {
        ModelWeights weights = ModelWeights.Zeros(config);
        RandomSequence random = RandomStream.Of(seed, RandomPurpose.Initialization).Sequence();
        foreach (var (place, tensor) in weights.Places.Zip(weights.Tensors))
        {
            float centre = place.Part.ToString().EndsWith("Norm", StringComparison.Ordinal) ? 1 - config.Family.GainOffset : 0;
            for (int i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] = centre + (float)(spread * random.Normals().First);
            }
        }

        return weights;
    }
}
