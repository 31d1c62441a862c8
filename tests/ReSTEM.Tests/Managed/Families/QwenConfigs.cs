using System.Text.Json.Nodes;
using static ReSTEM.Tests.FamilyModels;

namespace ReSTEM.Tests;

/// <summary>config.json of small qwen2 and qwen3 models: windows off, on the upper layers, and by list.</summary>
internal static class QwenConfigs
{
    private const string Qwen2 = """
        {
          "architectures": ["Qwen2ForCausalLM"],
          "attention_dropout": 0.0,
          "bos_token_id": 1,
          "eos_token_id": 2,
          "hidden_act": "silu",
          "hidden_size": 48,
          "initializer_range": 0.02,
          "intermediate_size": 80,
          "max_position_embeddings": 128,
          "max_window_layers": 1,
          "model_type": "qwen2",
          "num_attention_heads": 4,
          "num_hidden_layers": 3,
          "num_key_value_heads": 2,
          "rms_norm_eps": 1e-06,
          "rope_scaling": null,
          "rope_theta": 1000000.0,
          "sliding_window": 5,
          "tie_word_embeddings": false,
          "torch_dtype": "float32",
          "transformers_version": "4.48.0",
          "use_cache": true,
          "use_sliding_window": true,
          "vocab_size": 73
        }
        """;

    private const string Qwen3 = """
        {
          "architectures": ["Qwen3ForCausalLM"],
          "attention_bias": false,
          "attention_dropout": 0.0,
          "bos_token_id": 1,
          "eos_token_id": 2,
          "head_dim": 16,
          "hidden_act": "silu",
          "hidden_size": 40,
          "initializer_range": 0.02,
          "intermediate_size": 64,
          "max_position_embeddings": 128,
          "max_window_layers": 2,
          "model_type": "qwen3",
          "num_attention_heads": 4,
          "num_hidden_layers": 2,
          "num_key_value_heads": 2,
          "rms_norm_eps": 1e-06,
          "rope_scaling": null,
          "rope_theta": 1000000.0,
          "sliding_window": null,
          "tie_word_embeddings": true,
          "torch_dtype": "float32",
          "transformers_version": "4.51.0",
          "use_cache": true,
          "use_sliding_window": false,
          "vocab_size": 79
        }
        """;

    internal static IReadOnlyList<(string Name, JsonObject Config)> All { get; } =
    [
        ("qwen2-window-off-tied", With(Qwen2, """
            {"num_hidden_layers": 2, "tie_word_embeddings": true, "use_sliding_window": false}
            """)),
        ("qwen2-window-on-upper-layers", With(Qwen2, "{}")),
        ("qwen2-layer-types", With(Qwen2, """
            {
              "layer_types": ["sliding_attention", "full_attention", "sliding_attention"],
              "max_window_layers": 3,
              "transformers_version": "4.56.0"
            }
            """)),
        ("qwen2-rope-yarn", With(Qwen2, """
            {
              "num_attention_heads": 2,
              "num_hidden_layers": 2,
              "num_key_value_heads": 1,
              "rope_scaling": {"factor": 4.0, "original_max_position_embeddings": 32, "type": "yarn"},
              "rope_theta": 10000.0,
              "use_sliding_window": false
            }
            """)),
        ("qwen3-tied", With(Qwen3, "{}")),
        ("qwen3-biases-window", With(Qwen3, """
            {
              "attention_bias": true,
              "max_window_layers": 1,
              "num_hidden_layers": 3,
              "sliding_window": 7,
              "tie_word_embeddings": false,
              "use_sliding_window": true
            }
            """)),
    ];
}
