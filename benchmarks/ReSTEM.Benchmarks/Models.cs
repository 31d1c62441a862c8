using ReSTEM.Models;

namespace ReSTEM.Benchmarks;

/// <summary>Shapes that are measured.</summary>
internal static class Models
{
    /// <summary>1.3 M parameters.</summary>
    internal static readonly ModelConfig Quickstart = new()
    {
        Family = DecoderFamilies.Llama,
        ModelDim = 160,
        LayerCount = 4,
        HeadCount = 5,
        KvHeadCount = 5,
        HeadDim = 32,
        FeedForwardDim = 432,
        VocabularySize = 512,
        ContextLength = 512,
        NormEpsilon = 1e-5f,
        Rope = new RopeConfig(10_000, 32),
        TiedEmbeddings = true,
        BeginTokenId = 1,
        EndTokenIds = [2],
    };

    /// <summary>135 M parameters.</summary>
    internal static readonly ModelConfig Smol135 = Quickstart with
    {
        ModelDim = 576,
        LayerCount = 30,
        HeadCount = 9,
        KvHeadCount = 3,
        HeadDim = 64,
        Rope = new RopeConfig(10_000, 64),
        FeedForwardDim = 1536,
        VocabularySize = 49152,
        ContextLength = 2048,
    };
}
