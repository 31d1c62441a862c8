using System.Text.Json.Nodes;

namespace ReSTEM.Tests;

/// <summary>A config.json, and beneath it the defaults of the configuration class that <c>transformers</c> has for its model_type.</summary>
/// <remarks>huggingface/transformers, src/transformers/models/*/configuration_*.py. A null in the file is a value, not an absence.</remarks>
internal sealed class PlainConfig
{
    private static readonly Dictionary<string, string> ClassDefaults = new()
    {
        ["llama"] = """
            {"num_key_value_heads": null, "head_dim": null, "max_position_embeddings": 2048, "rms_norm_eps": 1e-6,
             "hidden_act": "silu", "attention_bias": false, "mlp_bias": false, "rope_theta": 1e4, "tie_word_embeddings": false}
            """,
        ["mistral"] = """
            {"num_key_value_heads": 8, "head_dim": null, "max_position_embeddings": 131072, "rms_norm_eps": 1e-6,
             "hidden_act": "silu", "sliding_window": 4096, "rope_theta": 1e4, "tie_word_embeddings": false}
            """,
        ["qwen2"] = """
            {"num_key_value_heads": 32, "head_dim": null, "max_position_embeddings": 32768, "rms_norm_eps": 1e-6,
             "hidden_act": "silu", "use_sliding_window": false, "sliding_window": 4096, "max_window_layers": 28,
             "rope_theta": 1e4, "tie_word_embeddings": false}
            """,
        ["qwen3"] = """
            {"num_key_value_heads": 32, "head_dim": 128, "max_position_embeddings": 32768, "rms_norm_eps": 1e-6,
             "hidden_act": "silu", "attention_bias": false, "use_sliding_window": false, "sliding_window": 4096,
             "max_window_layers": 28, "rope_theta": 1e4, "tie_word_embeddings": false}
            """,
        ["gemma"] = """
            {"num_key_value_heads": 16, "head_dim": 256, "max_position_embeddings": 8192, "rms_norm_eps": 1e-6,
             "hidden_act": "gelu_pytorch_tanh", "attention_bias": false, "rope_theta": 1e4, "tie_word_embeddings": true}
            """,
        ["gemma2"] = """
            {"num_key_value_heads": 4, "head_dim": 256, "max_position_embeddings": 8192, "rms_norm_eps": 1e-6,
             "hidden_activation": "gelu_pytorch_tanh", "attention_bias": false, "sliding_window": 4096,
             "query_pre_attn_scalar": 256, "attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0,
             "rope_theta": 1e4, "tie_word_embeddings": true}
            """,
        ["gemma3_text"] = """
            {"num_key_value_heads": 4, "head_dim": 256, "max_position_embeddings": 131072, "rms_norm_eps": 1e-6,
             "hidden_activation": "gelu_pytorch_tanh", "attention_bias": false, "sliding_window": 4096,
             "sliding_window_pattern": 6, "query_pre_attn_scalar": 256, "attn_logit_softcapping": null,
             "final_logit_softcapping": null, "rope_theta": 1e6, "rope_local_base_freq": 1e4, "tie_word_embeddings": true}
            """,
        ["phi3"] = """
            {"num_key_value_heads": null, "head_dim": null, "max_position_embeddings": 4096, "rms_norm_eps": 1e-5,
             "original_max_position_embeddings": 4096, "hidden_act": "silu", "sliding_window": null, "rope_theta": 1e4,
             "tie_word_embeddings": false}
            """,
        ["olmo2"] = """
            {"num_key_value_heads": null, "head_dim": null, "max_position_embeddings": 2048, "rms_norm_eps": 1e-5,
             "hidden_act": "silu", "attention_bias": false, "rope_theta": 1e4, "tie_word_embeddings": false}
            """,
        ["gpt2"] = """
            {"activation_function": "gelu_new", "layer_norm_epsilon": 1e-5, "scale_attn_weights": true,
             "scale_attn_by_inverse_layer_idx": false, "tie_word_embeddings": true}
            """,
    };

    private readonly JsonObject _values;

    internal PlainConfig(JsonObject config)
    {
        _values = JsonNode.Parse(config.ToJsonString())!.AsObject();
        ModelType = Text("model_type");
        if (!ClassDefaults.TryGetValue(ModelType, out string? defaults))
        {
            throw new NotSupportedException($"model_type is {ModelType}, expected one of {string.Join(", ", ClassDefaults.Keys)}.");
        }

        foreach ((string key, JsonNode? value) in JsonNode.Parse(defaults)!.AsObject())
        {
            if (!_values.ContainsKey(key))
            {
                _values[key] = value?.DeepClone();
            }
        }
    }

    internal string ModelType { get; }

    internal int HeadCount => Integer("num_attention_heads");

    /// <summary>Query heads share key-value heads in groups; null gives every query head its own.</summary>
    internal int KeyValueHeadCount => Has("num_key_value_heads") ? Integer("num_key_value_heads") : HeadCount;

    internal int HeadDim => Has("head_dim") ? Integer("head_dim") : Integer("hidden_size") / HeadCount;

    /// <summary>The key is there and not null.</summary>
    internal bool Has(string key) => _values[key] is not null;

    internal int Integer(string key) => Node(key).GetValue<int>();

    internal double Number(string key) => Node(key).GetValue<double>();

    internal bool Flag(string key) => Node(key).GetValue<bool>();

    internal string Text(string key) => Node(key).GetValue<string>();

    internal double? NumberOrNull(string key) => Has(key) ? Number(key) : null;

    internal JsonObject? Section(string key) => _values[key]?.AsObject();

    /// <summary><c>full_attention</c> or <c>sliding_attention</c>, as the configuration classes spread them over the layers.</summary>
    internal string LayerType(int layer)
    {
        bool listed = ModelType is "qwen2" or "qwen3" or "gemma2" or "gemma3_text";
        if (listed && Has("layer_types"))
        {
            return Node("layer_types")[layer]!.GetValue<string>();
        }

        bool slides = ModelType switch
        {
            "mistral" or "phi3" => Has("sliding_window"),
            "qwen2" or "qwen3" => Flag("use_sliding_window") && Has("sliding_window") && layer >= Integer("max_window_layers"),
            "gemma2" => layer % 2 == 0,
            "gemma3_text" => (layer + 1) % Integer("sliding_window_pattern") != 0,
            _ => false,
        };
        return slides ? "sliding_attention" : "full_attention";
    }

    /// <summary>How many positions, itself included, one position of this layer sees; null for all before it.</summary>
    internal int? Window(int layer) => LayerType(layer) == "sliding_attention" ? Integer("sliding_window") : null;

    private JsonNode Node(string key) =>
        _values[key] ?? throw new InvalidDataException($"config.json: {key} is missing or null, and {ModelType} has no default for it.");
}
