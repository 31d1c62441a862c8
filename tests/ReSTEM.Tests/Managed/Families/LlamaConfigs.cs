using System.Text.Json.Nodes;
using static ReSTEM.Tests.FamilyModels;

namespace ReSTEM.Tests;

/// <summary>config.json of small llama and mistral models, one for each switch that published folders set.</summary>
internal static class LlamaConfigs
{
    private const string Llama = """
        {
          "architectures": ["LlamaForCausalLM"],
          "attention_bias": false,
          "attention_dropout": 0.0,
          "bos_token_id": 1,
          "eos_token_id": 2,
          "head_dim": 12,
          "hidden_act": "silu",
          "hidden_size": 40,
          "initializer_range": 0.02,
          "intermediate_size": 56,
          "max_position_embeddings": 128,
          "mlp_bias": false,
          "model_type": "llama",
          "num_attention_heads": 4,
          "num_hidden_layers": 2,
          "num_key_value_heads": 2,
          "pretraining_tp": 1,
          "rms_norm_eps": 1e-05,
          "rope_scaling": null,
          "rope_theta": 10000.0,
          "tie_word_embeddings": false,
          "torch_dtype": "float32",
          "transformers_version": "4.48.0",
          "use_cache": true,
          "vocab_size": 67
        }
        """;

    private const string Mistral = """
        {
          "architectures": ["MistralForCausalLM"],
          "attention_dropout": 0.0,
          "bos_token_id": 1,
          "eos_token_id": 2,
          "head_dim": 16,
          "hidden_act": "silu",
          "hidden_size": 40,
          "initializer_range": 0.02,
          "intermediate_size": 72,
          "max_position_embeddings": 128,
          "model_type": "mistral",
          "num_attention_heads": 4,
          "num_hidden_layers": 3,
          "num_key_value_heads": 2,
          "rms_norm_eps": 1e-05,
          "rope_theta": 10000.0,
          "sliding_window": 6,
          "tie_word_embeddings": false,
          "torch_dtype": "float32",
          "transformers_version": "4.48.0",
          "use_cache": true,
          "vocab_size": 71
        }
        """;

    internal static IReadOnlyList<(string Name, JsonObject Config)> All { get; } =
    [
        ("llama", With(Llama, "{}")),
        ("llama-biases-tied", With(Llama, """{"attention_bias": true, "mlp_bias": true, "tie_word_embeddings": true}""")),
        ("llama-one-key-value-head", With(Llama, """{"num_key_value_heads": 1, "head_dim": 10, "rms_norm_eps": 0.01}""")),
        ("llama-rope-linear", With(Llama, """{"rope_scaling": {"factor": 4.0, "type": "linear"}}""")),
        ("llama-rope-dynamic", With(Llama, """
            {"max_position_embeddings": 64, "num_key_value_heads": 4, "rope_scaling": {"factor": 2.0, "type": "dynamic"}}
            """)),
        ("llama-rope-llama3", With(Llama, """
            {
              "head_dim": 24,
              "rope_scaling": {
                "factor": 8.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
                "original_max_position_embeddings": 64, "rope_type": "llama3"
              },
              "rope_theta": 500000.0
            }
            """)),
        ("llama-rope-yarn", With(Llama, """
            {
              "head_dim": 24,
              "rope_scaling": {
                "factor": 4.0, "original_max_position_embeddings": 32, "rope_type": "yarn", "type": "yarn"
              }
            }
            """)),
        ("llama-rope-yarn-all-keys", With(Llama, """
            {
              "head_dim": 24,
              "rope_scaling": {
                "attention_factor": 1.25, "beta_fast": 2.0, "beta_slow": 0.25, "factor": 4.0,
                "original_max_position_embeddings": 32, "rope_type": "yarn"
              }
            }
            """)),
        ("mistral-window", With(Mistral, "{}")),
        ("mistral-no-window", With(Mistral, """
            {"head_dim": null, "rope_theta": 1000000.0, "sliding_window": null, "num_hidden_layers": 2}
            """)),
    ];
}
