using System.Text.Json.Nodes;
using static ReSTEM.Tests.FamilyModels;

namespace ReSTEM.Tests;

/// <summary>config.json of small gemma models of the first three generations.</summary>
internal static class GemmaConfigs
{
    private const string Gemma = """
        {
          "architectures": ["GemmaForCausalLM"],
          "attention_bias": false,
          "attention_dropout": 0.0,
          "bos_token_id": 2,
          "eos_token_id": 1,
          "head_dim": 16,
          "hidden_act": "gelu_pytorch_tanh",
          "hidden_activation": "gelu_pytorch_tanh",
          "hidden_size": 36,
          "initializer_range": 0.02,
          "intermediate_size": 64,
          "max_position_embeddings": 128,
          "model_type": "gemma",
          "num_attention_heads": 4,
          "num_hidden_layers": 2,
          "num_key_value_heads": 1,
          "pad_token_id": 0,
          "rms_norm_eps": 0.01,
          "rope_scaling": null,
          "rope_theta": 10000.0,
          "torch_dtype": "float32",
          "transformers_version": "4.48.0",
          "use_cache": true,
          "vocab_size": 83
        }
        """;

    private const string Gemma2 = """
        {
          "architectures": ["Gemma2ForCausalLM"],
          "attention_bias": false,
          "attention_dropout": 0.0,
          "attn_logit_softcapping": 50.0,
          "bos_token_id": 2,
          "cache_implementation": "hybrid",
          "eos_token_id": 1,
          "final_logit_softcapping": 30.0,
          "head_dim": 16,
          "hidden_act": "gelu_pytorch_tanh",
          "hidden_activation": "gelu_pytorch_tanh",
          "hidden_size": 36,
          "initializer_range": 0.02,
          "intermediate_size": 64,
          "max_position_embeddings": 128,
          "model_type": "gemma2",
          "num_attention_heads": 4,
          "num_hidden_layers": 3,
          "num_key_value_heads": 2,
          "pad_token_id": 0,
          "query_pre_attn_scalar": 24,
          "rms_norm_eps": 1e-06,
          "rope_theta": 10000.0,
          "sliding_window": 6,
          "torch_dtype": "float32",
          "transformers_version": "4.48.0",
          "use_cache": true,
          "vocab_size": 89
        }
        """;

    private const string Gemma3 = """
        {
          "architectures": ["Gemma3ForCausalLM"],
          "attention_bias": false,
          "attention_dropout": 0.0,
          "attn_logit_softcapping": null,
          "bos_token_id": 2,
          "cache_implementation": "hybrid",
          "eos_token_id": 1,
          "final_logit_softcapping": null,
          "head_dim": 16,
          "hidden_activation": "gelu_pytorch_tanh",
          "hidden_size": 36,
          "initializer_range": 0.02,
          "intermediate_size": 64,
          "max_position_embeddings": 128,
          "model_type": "gemma3_text",
          "num_attention_heads": 4,
          "num_hidden_layers": 4,
          "num_key_value_heads": 2,
          "pad_token_id": 0,
          "query_pre_attn_scalar": 12,
          "rms_norm_eps": 1e-06,
          "rope_local_base_freq": 10000.0,
          "rope_scaling": null,
          "rope_theta": 1000000.0,
          "sliding_window": 5,
          "sliding_window_pattern": 2,
          "torch_dtype": "float32",
          "transformers_version": "4.50.0",
          "use_cache": true,
          "vocab_size": 97
        }
        """;

    private const string Gemma3WithRopeParameters = """
        {
          "architectures": ["Gemma3ForCausalLM"],
          "attention_bias": false,
          "attention_dropout": 0.0,
          "attn_logit_softcapping": null,
          "bos_token_id": 2,
          "dtype": "float32",
          "eos_token_id": 1,
          "final_logit_softcapping": null,
          "head_dim": 16,
          "hidden_activation": "gelu_pytorch_tanh",
          "hidden_size": 36,
          "initializer_range": 0.02,
          "intermediate_size": 64,
          "layer_types": ["sliding_attention", "full_attention", "sliding_attention"],
          "max_position_embeddings": 128,
          "model_type": "gemma3_text",
          "num_attention_heads": 4,
          "num_hidden_layers": 3,
          "num_key_value_heads": 1,
          "pad_token_id": 0,
          "query_pre_attn_scalar": 16,
          "rms_norm_eps": 1e-06,
          "rope_parameters": {
            "full_attention": {"factor": 8.0, "rope_theta": 500000.0, "rope_type": "linear"},
            "sliding_attention": {"rope_theta": 5000.0, "rope_type": "default"}
          },
          "sliding_window": 8,
          "tie_word_embeddings": true,
          "transformers_version": "5.0.0",
          "use_bidirectional_attention": false,
          "use_cache": true,
          "vocab_size": 61
        }
        """;

    internal static IReadOnlyList<(string Name, JsonObject Config)> All { get; } =
    [
        ("gemma", With(Gemma, "{}")),
        ("gemma2", With(Gemma2, "{}")),
        ("gemma2-untied-low-caps", With(Gemma2, """
            {
              "attn_logit_softcapping": 8.0,
              "final_logit_softcapping": 6.0,
              "num_hidden_layers": 2,
              "num_key_value_heads": 1,
              "query_pre_attn_scalar": 9,
              "sliding_window": 7,
              "tie_word_embeddings": false
            }
            """)),
        ("gemma3-pattern", With(Gemma3, "{}")),
        ("gemma3-layer-types-linear", With(Gemma3, """
            {
              "_sliding_window_pattern": 6,
              "layer_types": ["sliding_attention", "sliding_attention", "full_attention", "sliding_attention"],
              "rope_scaling": {"factor": 8.0, "rope_type": "linear"},
              "transformers_version": "4.55.0",
              "use_bidirectional_attention": false
            }
            """)),
        ("gemma3-rope-parameters", With(Gemma3WithRopeParameters, "{}")),
    ];
}
