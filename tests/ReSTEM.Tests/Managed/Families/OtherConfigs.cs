using System.Text.Json.Nodes;
using static ReSTEM.Tests.FamilyModels;

namespace ReSTEM.Tests;

/// <summary>config.json of small phi3, olmo2 and gpt2 models.</summary>
internal static class OtherConfigs
{
    private const string Phi3 = """
        {
          "architectures": ["Phi3ForCausalLM"],
          "attention_bias": false,
          "attention_dropout": 0.0,
          "bos_token_id": 1,
          "embd_pdrop": 0.0,
          "eos_token_id": 2,
          "hidden_act": "silu",
          "hidden_size": 48,
          "initializer_range": 0.02,
          "intermediate_size": 64,
          "max_position_embeddings": 128,
          "model_type": "phi3",
          "num_attention_heads": 4,
          "num_hidden_layers": 2,
          "num_key_value_heads": 2,
          "original_max_position_embeddings": 128,
          "pad_token_id": 2,
          "resid_pdrop": 0.0,
          "rms_norm_eps": 1e-05,
          "rope_scaling": null,
          "rope_theta": 10000.0,
          "sliding_window": null,
          "tie_word_embeddings": false,
          "torch_dtype": "float32",
          "transformers_version": "4.48.0",
          "use_cache": true,
          "vocab_size": 77
        }
        """;

    private const string Olmo2 = """
        {
          "architectures": ["Olmo2ForCausalLM"],
          "attention_bias": false,
          "attention_dropout": 0.0,
          "eos_token_id": 2,
          "hidden_act": "silu",
          "hidden_size": 48,
          "initializer_range": 0.02,
          "intermediate_size": 72,
          "max_position_embeddings": 128,
          "model_type": "olmo2",
          "num_attention_heads": 4,
          "num_hidden_layers": 2,
          "num_key_value_heads": 2,
          "pad_token_id": 1,
          "rms_norm_eps": 1e-06,
          "rope_scaling": null,
          "rope_theta": 500000.0,
          "tie_word_embeddings": false,
          "torch_dtype": "float32",
          "transformers_version": "4.48.0",
          "use_cache": true,
          "vocab_size": 93
        }
        """;

    private const string Gpt2 = """
        {
          "activation_function": "gelu_new",
          "architectures": ["GPT2LMHeadModel"],
          "attn_pdrop": 0.1,
          "bos_token_id": 2,
          "embd_pdrop": 0.1,
          "eos_token_id": 2,
          "initializer_range": 0.02,
          "layer_norm_epsilon": 1e-05,
          "model_type": "gpt2",
          "n_embd": 40,
          "n_head": 4,
          "n_inner": 72,
          "n_layer": 2,
          "n_positions": 64,
          "reorder_and_upcast_attn": false,
          "resid_pdrop": 0.1,
          "scale_attn_by_inverse_layer_idx": false,
          "scale_attn_weights": true,
          "summary_activation": null,
          "summary_first_dropout": 0.1,
          "summary_proj_to_labels": true,
          "summary_type": "cls_index",
          "summary_use_proj": true,
          "torch_dtype": "float32",
          "transformers_version": "4.48.0",
          "use_cache": true,
          "vocab_size": 61
        }
        """;

    // As the first published folders are: fewer keys, no n_inner, no version.
    private const string Gpt2BareNames = """
        {
          "activation_function": "gelu_new",
          "architectures": ["GPT2LMHeadModel"],
          "attn_pdrop": 0.1,
          "bos_token_id": 2,
          "embd_pdrop": 0.1,
          "eos_token_id": 2,
          "initializer_range": 0.02,
          "layer_norm_epsilon": 0.01,
          "model_type": "gpt2",
          "n_ctx": 64,
          "n_embd": 28,
          "n_head": 2,
          "n_layer": 3,
          "n_positions": 64,
          "resid_pdrop": 0.1,
          "summary_activation": null,
          "summary_first_dropout": 0.1,
          "summary_proj_to_labels": true,
          "summary_type": "cls_index",
          "summary_use_proj": true,
          "task_specific_params": {"text-generation": {"do_sample": true, "max_length": 50}},
          "vocab_size": 69
        }
        """;

    internal static IReadOnlyList<(string Name, JsonObject Config)> All { get; } =
    [
        ("phi3", With(Phi3, "{}")),
        ("phi3-longrope-partial-window-tied", With(Phi3, """
            {
              "num_attention_heads": 3,
              "num_hidden_layers": 3,
              "num_key_value_heads": 1,
              "original_max_position_embeddings": 64,
              "partial_rotary_factor": 0.75,
              "rope_scaling": {
                "long_factor": [1.0, 2.0, 3.5, 5.0, 8.0, 12.0],
                "short_factor": [1.0, 1.05, 1.15, 1.4, 1.9, 2.75],
                "type": "longrope"
              },
              "sliding_window": 7,
              "tie_word_embeddings": true
            }
            """)),
        ("olmo2", With(Olmo2, "{}")),
        ("gpt2-inner", With(Gpt2, "{}")),
        ("gpt2-bare-names", With(Gpt2BareNames, "{}")),
    ];
}
