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

    /// <summary>4.7 M parameters; the context takes prompts of 4,096 tokens.</summary>
    internal static readonly ModelConfig Tiny = Quickstart with
    {
        ModelDim = 256,
        LayerCount = 6,
        HeadCount = 8,
        KvHeadCount = 4,
        HeadDim = 32,
        FeedForwardDim = 704,
        ContextLength = 8192,
        TiedEmbeddings = false,
    };

    /// <summary>15 M parameters: the shape of stories15m.</summary>
    internal static readonly ModelConfig Stories15 = Quickstart with
    {
        ModelDim = 288,
        LayerCount = 6,
        HeadCount = 6,
        KvHeadCount = 6,
        HeadDim = 48,
        Rope = new RopeConfig(10_000, 48),
        FeedForwardDim = 768,
        VocabularySize = 32_000,
        ContextLength = 2048,
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
        "tiny" => Tiny,
        "stories15m" => Stories15,
        "smol135" => Smol135,
        "qwen05" => Qwen05,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "expected quickstart, tiny, stories15m, smol135 or qwen05."),
    };
}
