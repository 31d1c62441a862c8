using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Tests;

/// <summary>Small models with random weights.</summary>
internal static class TestModels
{
    internal static ModelConfig Config(ModelArchitecture architecture = ModelArchitecture.Llama, bool tied = true) => new()
    {
        Architecture = architecture,
        ModelDim = 24,
        LayerCount = 2,
        HeadCount = 4,
        KvHeadCount = 2,
        HeadDim = 8,
        FeedForwardDim = 40,
        VocabularySize = 61,
        ContextLength = 96,
        NormEpsilon = 1e-5f,
        RopeTheta = 10_000,
        TiedEmbeddings = tied,
        BeginTokenId = 1,
        EndTokenIds = [2],
    };

    /// <summary>Gains near 1, everything else normal with the given spread.</summary>
    internal static ModelWeights Random(ModelConfig config, ulong seed = 7, double spread = 0.25)
    {
        ModelWeights weights = ModelWeights.Zeros(config);
        RandomSequence random = RandomStream.Of(seed, RandomPurpose.Initialization).Sequence();
        foreach (WeightTensor tensor in weights.Tensors)
        {
            float centre = tensor.Name.EndsWith("norm.weight", StringComparison.Ordinal) ? 1 : 0;
            for (int i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] = centre + (float)(spread * random.Normals().First);
            }
        }

        return weights;
    }
}
