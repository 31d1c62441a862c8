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

    /// <summary>494 M parameters: the shape of Qwen2.5-0.5B.</summary>
    internal static readonly ModelConfig Qwen05 = Quickstart with
    {
        Family = DecoderFamilies.Qwen2,
        Biases = ProjectionBiases.QueryKeyValue,
        ModelDim = 896,
        LayerCount = 24,
        HeadCount = 14,
        KvHeadCount = 2,
        HeadDim = 64,
        Rope = new RopeConfig(1_000_000, 64),
        FeedForwardDim = 4864,
        VocabularySize = 151_936,
        ContextLength = 32_768,
    };

    /// <summary>By name.</summary>
    internal static ModelConfig Of(string name) => name switch
    {
        "quickstart" => Quickstart,
        "smol135" => Smol135,
        "qwen05" => Qwen05,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "expected quickstart, smol135 or qwen05."),
    };
}
