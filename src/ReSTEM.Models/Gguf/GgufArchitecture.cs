namespace ReSTEM.Models;

/// <summary>What one of llama.cpp's architectures computes, as far as it differs from the others of our families.</summary>
internal sealed record GgufArchitecture
{
    private static readonly Dictionary<DecoderFamily, GgufArchitecture> Of = new()
    {
        [DecoderFamilies.Llama] = new() { Name = "llama", TurnsNeighbours = true, Biases = AllBiases, RopeFactors = ["rope_freqs"] },
        [DecoderFamilies.Mistral] = new() { Name = "llama", TurnsNeighbours = true, Biases = AllBiases, RopeFactors = ["rope_freqs"] },
        [DecoderFamilies.Qwen2] = new() { Name = "qwen2", Biases = ProjectionBiases.QueryKeyValue },
        [DecoderFamilies.Qwen3] = new() { Name = "qwen3" },
        [DecoderFamilies.Gemma] = new() { Name = "gemma", HeadRule = HeadRule.Tied },
        [DecoderFamilies.Gemma2] = new() { Name = "gemma2", HeadRule = HeadRule.Tied, WindowPeriod = 2, LayersOfWideScale = 46, HasScoreCap = true },
        [DecoderFamilies.Gemma3] = new() { Name = "gemma3", WindowPeriod = 6, LayersOfWideScale = 62 },
        [DecoderFamilies.Phi3] = new() { Name = "phi3", RopeFactors = ["rope_factors_short", "rope_factors_long"] },
        [DecoderFamilies.Olmo2] = new() { Name = "olmo2", HeadRule = HeadRule.Stored },
        [DecoderFamilies.Gpt2] = new() { Name = "gpt2", Biases = AllBiases },
    };

    private const ProjectionBiases AllBiases = ProjectionBiases.QueryKeyValue | ProjectionBiases.Output | ProjectionBiases.FeedForward;

    internal required string Name { get; init; }

    /// <summary>Whether the rotary embedding turns elements 2 i and 2 i + 1 of a head, where our families turn i and i + Hd / 2.</summary>
    internal bool TurnsNeighbours { get; private init; }

    /// <summary>Projections that may have biases.</summary>
    internal ProjectionBiases Biases { get; private init; }

    /// <summary>Names of the tensors for a factor on each wavelength; empty where there is no place for them.</summary>
    internal string[] RopeFactors { get; private init; } = [];

    /// <summary>Every layer but one of so many sees a window; 0 where all layers see all.</summary>
    internal int WindowPeriod { get; private init; }

    /// <summary>Count of layers of the one size whose scores are scaled by (D / H) ^ -1/2 in place of Hd ^ -1/2; 0 for none.</summary>
    internal int LayersOfWideScale { get; private init; }

    /// <summary>Whether scores are capped; then they always are.</summary>
    internal bool HasScoreCap { get; private init; }

    internal HeadRule HeadRule { get; private init; }

    internal static GgufArchitecture For(DecoderFamily family) => Of[family];
}

/// <summary>What an architecture asks of the LM head.</summary>
internal enum HeadRule
{
    /// <summary>It is the embedding where it is not stored.</summary>
    Free,

    /// <summary>It is the embedding.</summary>
    Tied,

    /// <summary>It is stored, be it a second time.</summary>
    Stored,
}
