using System.Text.Json;

namespace ReSTEM.Models;

/// <summary>Reads <c>config.json</c> and <c>generation_config.json</c>; every key that changes the mathematics is honoured or refused by name.</summary>
public static class ModelConfigReader
{
    private const string SupportedTypes = "llama or qwen2";
    private const int MaxExtent = 1 << 24;

    /// <summary>The configuration of a Hugging Face folder.</summary>
    /// <exception cref="InvalidDataException">
    /// A file is missing or unreadable, or asks for what the engine does not compute; the message names every such key.
    /// </exception>
    public static ModelConfig Read(string folder)
    {
        string path = Path.Combine(folder, "config.json");
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"{path} is missing, expected a Hugging Face model folder.");
        }

        ModelConfig config = ReadObject(path, Parse);
        string generation = Path.Combine(folder, "generation_config.json");
        if (!File.Exists(generation))
        {
            return config;
        }

        int[] ends = ReadObject(generation, json => json.TokenIds("eos_token_id", config.VocabularySize));
        return ends.Length == 0 ? config : config with { EndTokenIds = ends };
    }

    private static T ReadObject<T>(string path, Func<ConfigJson, T> read)
    {
        var faults = new List<string>();
        T result;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new InvalidDataException($"{path}: the content is {document.RootElement.ValueKind}, expected an object.");
            }

            result = read(new ConfigJson(document.RootElement, "", faults));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} is not readable JSON: {fault.Message}", fault);
        }

        return faults.Count == 0 ? result : throw new InvalidDataException($"{path}: {string.Join("; ", faults)}.");
    }

    private static ModelConfig Parse(ConfigJson json)
    {
        ModelArchitecture? architecture = json.Text("model_type", "missing") switch
        {
            "llama" => ModelArchitecture.Llama,
            "qwen2" => ModelArchitecture.Qwen2,
            _ => null,
        };
        if (architecture is not { } family)
        {
            json.Fault("model_type", json.Text("model_type", "missing"), SupportedTypes);
            return Nothing;
        }

        RefuseOtherMathematics(json, family);
        int modelDim = json.Integer("hidden_size", 1, MaxExtent);
        int headCount = json.Integer("num_attention_heads", 1, MaxExtent);
        int kvHeadCount = json.OptionalInteger("num_key_value_heads", 1, MaxExtent) ?? headCount;
        int headDim = json.OptionalInteger("head_dim", 2, 1024) ?? HeadDimOf(json, modelDim, headCount);
        int vocabularySize = json.Integer("vocab_size", 1, MaxExtent);
        if (headCount % kvHeadCount != 0)
        {
            json.Fault("num_key_value_heads", $"{kvHeadCount}", $"a divisor of num_attention_heads ({headCount})");
        }

        if (headDim % 2 != 0)
        {
            json.Fault("head_dim", $"{headDim}", "an even number");
        }

        if ((long)vocabularySize * modelDim > int.MaxValue || (long)headCount * headDim > MaxExtent)
        {
            json.Fault("vocab_size * hidden_size", $"{(long)vocabularySize * modelDim}", $"at most {int.MaxValue}");
        }

        var (theta, scaling) = RopeConfigReader.Read(json);
        return new ModelConfig
        {
            Architecture = family,
            ModelDim = modelDim,
            LayerCount = json.Integer("num_hidden_layers", 1, 1024),
            HeadCount = headCount,
            KvHeadCount = kvHeadCount,
            HeadDim = headDim,
            FeedForwardDim = json.Integer("intermediate_size", 1, MaxExtent),
            VocabularySize = vocabularySize,
            ContextLength = json.Integer("max_position_embeddings", 1, MaxExtent),
            NormEpsilon = (float)json.Positive("rms_norm_eps", 1e-6),
            RopeTheta = theta,
            RopeScaling = scaling,
            TiedEmbeddings = json.Flag("tie_word_embeddings", absent: false), // the default of both classes
            BeginTokenId = json.OptionalInteger("bos_token_id", 0, vocabularySize - 1),
            EndTokenIds = json.TokenIds("eos_token_id", vocabularySize),
        };
    }

    private static int HeadDimOf(ConfigJson json, int modelDim, int headCount)
    {
        if (modelDim % headCount != 0)
        {
            json.Fault("hidden_size", $"{modelDim}", $"a multiple of num_attention_heads ({headCount}) where head_dim is absent");
        }

        return Math.Max(2, modelDim / headCount);
    }

    private static void RefuseOtherMathematics(ConfigJson json, ModelArchitecture family)
    {
        if (json.Text("hidden_act", "silu") is var activation && activation is not "silu")
        {
            json.Fault("hidden_act", activation, "silu");
        }

        if (json.Present("pretraining_tp") is { } slices && slices.GetRawText() != "1")
        {
            json.Fault("pretraining_tp", slices.GetRawText(), "1");
        }

        if (json.Present("partial_rotary_factor") is not null && json.Positive("partial_rotary_factor", 1) != 1)
        {
            json.Fault("partial_rotary_factor", json.Present("partial_rotary_factor")!.Value.GetRawText(), "1");
        }

        if (json.Present("quantization_config") is not null)
        {
            json.Fault("quantization_config", "present", "none: weights in F32, F16 or BF16");
        }

        string[] flags = family is ModelArchitecture.Llama ? ["attention_bias", "mlp_bias"] : ["use_sliding_window", "mlp_bias"];
        foreach (string flag in flags)
        {
            if (json.Flag(flag, absent: false))
            {
                json.Fault(flag, "true", "false");
            }
        }
    }

    // Stands in for a configuration whose faults are about to be thrown.
    private static ModelConfig Nothing { get; } = new()
    {
        Architecture = ModelArchitecture.Llama,
        ModelDim = 1,
        LayerCount = 1,
        HeadCount = 1,
        KvHeadCount = 1,
        HeadDim = 2,
        FeedForwardDim = 1,
        VocabularySize = 1,
        ContextLength = 1,
        NormEpsilon = 1,
        RopeTheta = 1,
        TiedEmbeddings = true,
    };
}
