namespace ReSTEM.Models;

/// <summary>Names of a family's stored tensors; those of layers without prefix, number and <c>.weight</c>.</summary>
internal sealed record TensorNames
{
    internal static TensorNames Llama { get; } = new();

    internal static TensorNames Gemma2 { get; } = new()
    {
        AfterAttentionNorm = "post_attention_layernorm",
        FeedForwardNorm = "pre_feedforward_layernorm",
        AfterFeedForwardNorm = "post_feedforward_layernorm",
    };

    internal static TensorNames Olmo2 { get; } = new()
    {
        AfterAttentionNorm = "post_attention_layernorm",
        AfterFeedForwardNorm = "post_feedforward_layernorm",
    };

    internal static TensorNames Phi3 { get; } = new() { QueryKeyValue = ["self_attn.qkv_proj"], GateUp = ["mlp.gate_up_proj"] };

    internal static TensorNames Gpt2 { get; } = new()
    {
        Prefix = "transformer.",
        Layers = "h",
        Embedding = "wte",
        AttentionNorm = "ln_1",
        QueryKeyValue = ["attn.c_attn"],
        Output = "attn.c_proj",
        FeedForwardNorm = "ln_2",
        GateUp = ["mlp.c_fc"],
        Down = "mlp.c_proj",
        FinalNorm = "ln_f",
        IsTransposed = true,
        Buffers = [".attn.bias", ".attn.masked_bias"],
    };

    /// <summary>Before every name but the head's; some checkpoints leave it out.</summary>
    internal string Prefix { get; private init; } = "model.";

    internal string Layers { get; private init; } = "layers";

    internal string Embedding { get; private init; } = "embed_tokens";

    /// <summary>The table of learned positions.</summary>
    internal string Positions { get; } = "wpe";

    internal string AttentionNorm { get; private init; } = "input_layernorm";

    /// <summary>Query, key and value in the order of their rows: one name for each, or one for all.</summary>
    internal string[] QueryKeyValue { get; private init; } = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"];

    internal string QueryNorm { get; } = "self_attn.q_norm";

    internal string KeyNorm { get; } = "self_attn.k_norm";

    internal string Output { get; private init; } = "self_attn.o_proj";

    internal string AfterAttentionNorm { get; private init; } = "";

    internal string FeedForwardNorm { get; private init; } = "post_attention_layernorm";

    /// <summary>Gate and up-projection, one name for each or one for both; the up-projection alone where there is no gate.</summary>
    internal string[] GateUp { get; private init; } = ["mlp.gate_proj", "mlp.up_proj"];

    internal string Down { get; private init; } = "mlp.down_proj";

    internal string AfterFeedForwardNorm { get; private init; } = "";

    internal string FinalNorm { get; private init; } = "norm";

    internal string Head { get; } = "lm_head.weight";

    /// <summary>Whether the matrices of layers are stored [in, out].</summary>
    internal bool IsTransposed { get; private init; }

    /// <summary>Ends of names of stored buffers that are no weights.</summary>
    internal string[] Buffers { get; private init; } = [".rotary_emb.inv_freq"];
}
