using System.Text.Json.Nodes;
using ReSTEM.Tests;

namespace ReSTEM.GgufCheck;

/// <summary>Variants of the families that GGUF can express, where the tests' own ones are chosen to be unusual.</summary>
internal static class Variants
{
    internal static IReadOnlyList<(string Name, JsonObject Config)> All { get; } =
    [
        ("gemma2-usual-scale", Changed("gemma2", """{"query_pre_attn_scalar": 16}""")),
        ("gemma2-usual-scale-window-covers", Changed("gemma2", """{"query_pre_attn_scalar": 16, "sliding_window": 4096}""")),
        ("gemma2-no-windows", Changed("gemma2", """{"query_pre_attn_scalar": 16, "layer_types": ["full_attention", "full_attention", "full_attention"]}""")),
        ("gemma3-usual-scale", Changed("gemma3-pattern", """{"query_pre_attn_scalar": 16}""")),
        ("gemma3-six-layers", Changed("gemma3-pattern", """{"query_pre_attn_scalar": 16, "num_hidden_layers": 7, "sliding_window_pattern": 6, "rope_scaling": {"rope_type": "linear", "factor": 8.0}}""")),
        ("gemma3-capped-logits", Changed("gemma3-pattern", """{"query_pre_attn_scalar": 16, "final_logit_softcapping": 6.0}""")),
        ("qwen2-untied", Changed("qwen2-window-off-tied", """{"tie_word_embeddings": false}""")),
        ("qwen3-no-window-untied", Changed("qwen3-tied", """{"tie_word_embeddings": false}""")),
        ("mistral-window-covers", Changed("mistral-window", """{"sliding_window": 4096}""")),
        ("llama-rope-yarn-attention", Changed("llama-rope-yarn-all-keys", Yarn("""{"attention_factor": 1.25}"""))),
        ("llama-rope-yarn-betas", Changed("llama-rope-yarn-all-keys", Yarn("""{"beta_fast": 2.0, "beta_slow": 0.25}"""))),
        ("llama-rope-longrope", Changed("llama-rope-yarn", """{"rope_scaling": {"rope_type": "longrope", "original_max_position_embeddings": 64, "short_factor": [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2.0, 2.5, 3.0, 4.0], "long_factor": [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2.0, 2.5, 3.0, 4.0]}}""")),
        ("gemma3-untied", Changed("gemma3-pattern", """{"tie_word_embeddings": false, "query_pre_attn_scalar": 16}""")),
        ("qwen3-rope-yarn", Changed("qwen3-tied", Yarn("{}"))),
        ("olmo2-rope-linear", Changed("olmo2", """{"rope_scaling": {"rope_type": "linear", "factor": 2.0}}""")),
        ("phi3-longrope-no-window", Changed("phi3-longrope-partial-window-tied", """{"sliding_window": null}""")),
        ("phi3-no-window", Changed("phi3", """{"sliding_window": null}""")),
        ("olmo2-tied", Changed("olmo2", """{"tie_word_embeddings": true}""")),
        ("llama-quantised-rows", Changed("llama", """{"hidden_size": 64, "intermediate_size": 96, "head_dim": 16}""")),
    ];

    private static string Yarn(string keys)
    {
        var scaling = JsonNode.Parse(keys)!.AsObject();
        scaling["factor"] = 4.0;
        scaling["original_max_position_embeddings"] = 32;
        scaling["rope_type"] = "yarn";
        return new JsonObject { ["rope_scaling"] = scaling }.ToJsonString();
    }

    private static JsonObject Changed(string name, string changes) =>
        FamilyModels.With(FamilyModels.All.Single(model => model.Name == name).Config.ToJsonString(), changes);
}
