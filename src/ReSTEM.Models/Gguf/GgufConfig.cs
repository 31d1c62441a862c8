namespace ReSTEM.Models;

/// <summary>A model's configuration as the keys of its llama.cpp architecture.</summary>
internal static class GgufConfig
{
    /// <summary>Adds the keys of shapes and constants.</summary>
    /// <exception cref="InvalidDataException">The architecture computes something else; the message names every such key.</exception>
    internal static void Describe(ModelConfig config, string folder, GgufMetadata metadata)
    {
        var architecture = GgufArchitecture.For(config.Family);
        ThrowUnlessExpressible(config, architecture, folder);
        string prefix = architecture.Name;
        metadata.Add($"{prefix}.vocab_size", config.VocabularySize);
        metadata.Add($"{prefix}.context_length", config.ContextLength);
        metadata.Add($"{prefix}.embedding_length", config.ModelDim);
        metadata.Add($"{prefix}.block_count", config.LayerCount);
        metadata.Add($"{prefix}.feed_forward_length", config.FeedForwardDim);
        metadata.Add($"{prefix}.attention.head_count", config.HeadCount);
        metadata.Add($"{prefix}.attention.head_count_kv", config.KvHeadCount);
        metadata.Add($"{prefix}.attention.key_length", config.HeadDim);
        metadata.Add($"{prefix}.attention.value_length", config.HeadDim);
        metadata.Add($"{prefix}.attention.{(config.Family.Norm is NormKind.Rms ? "layer_norm_rms_epsilon" : "layer_norm_epsilon")}", config.NormEpsilon);
        if (config.ScoreCap > 0)
        {
            metadata.Add($"{prefix}.attn_logit_softcapping", config.ScoreCap);
        }

        if (config.LogitCap > 0)
        {
            metadata.Add($"{prefix}.final_logit_softcapping", config.LogitCap);
        }

        if (config.Rope is { } rope)
        {
            GgufRope.Describe(rope, config, prefix, metadata);
        }

        GgufWindows.Describe(config, prefix, metadata);
    }

    private static void ThrowUnlessExpressible(ModelConfig config, GgufArchitecture architecture, string folder)
    {
        List<string> faults = [];
        string name = architecture.Name;
        var activation = config.Family.DefaultActivation == "silu" ? Activation.Silu : Activation.GeluTanh;
        if (config.Activation != activation)
        {
            faults.Add($"the activation is {config.Activation}, expected {activation}");
        }

        var others = config.Biases & ~architecture.Biases;
        if (others is not ProjectionBiases.None)
        {
            faults.Add($"projections with biases are {config.Biases}, expected at most {architecture.Biases}");
        }

        if (architecture.HeadRule is HeadRule.Tied && !config.TiedEmbeddings)
        {
            faults.Add("tie_word_embeddings is false, expected true");
        }

        CheckScores(config, architecture, faults);
        GgufRope.Check(config, faults);
        GgufWindows.Check(config, faults);
        if (faults.Count > 0)
        {
            throw new InvalidDataException(
                $"{folder}: llama.cpp's {name} architecture cannot compute this model: {string.Join("; ", faults)}. Export it with --format hf.");
        }
    }

    private static void CheckScores(ModelConfig config, GgufArchitecture architecture, List<string> faults)
    {
        if (architecture.HasScoreCap != config.ScoreCap > 0)
        {
            faults.Add($"attn_logit_softcapping is {(config.ScoreCap > 0 ? config.ScoreCap : "null")}, expected {(architecture.HasScoreCap ? "a cap" : "null")}");
        }

        bool isWide = architecture.LayersOfWideScale == config.LayerCount;
        double scaledBy = isWide ? (double)config.ModelDim / config.HeadCount : config.HeadDim;
        if (config.AttentionScale != 0 && Math.Abs(config.AttentionScale * Math.Sqrt(scaledBy) - 1) > 1e-6)
        {
            string key = config.Family.HasQueryScalar ? "query_pre_attn_scalar" : "the square of 1 / scale";
            faults.Add($"{key} is {Math.Round(1 / (config.AttentionScale * config.AttentionScale), 3)}, expected {scaledBy}");
        }
    }
}
