using System.Text.Json.Nodes;
using static ReSTEM.Tests.PlainLayers;

namespace ReSTEM.Tests;

/// <summary>
/// What every decoder family computes, in plain loops over double without a cache: the reference that the engine is compared
/// with. It knows nothing of the engine; its own check is <c>PlainDecoderTests</c>.
/// </summary>
/// <remarks>
/// Written from the papers and from the behaviour of huggingface/transformers, src/transformers/models/*/modeling_*.py with
/// eager attention; the class meant is named at each family. Rope frequencies are float32 as there, all else is double.
/// </remarks>
/// <param name="config">The contents of config.json.</param>
/// <param name="tensors">The tensors by their published names, in their stored shapes.</param>
internal sealed class PlainDecoder(JsonObject config, IReadOnlyDictionary<string, PlainTensor> tensors)
{
    private readonly PlainConfig _config = new(config);

    /// <summary>Row t, of V numbers before any softmax, predicts token t + 1.</summary>
    internal double[][] Logits(IReadOnlyList<int> ids) => _config.ModelType switch
    {
        "gpt2" => Gpt2(ids),
        "gemma" => Decode(ids, GemmaLayer),
        "gemma2" => Decode(ids, Gemma2Layer),
        "gemma3_text" => Decode(ids, Gemma3Layer),
        "qwen2" => Decode(ids, Qwen2Layer),
        "qwen3" => Decode(ids, Qwen3Layer),
        "phi3" => Decode(ids, Phi3Layer),
        "olmo2" => Decode(ids, Olmo2Layer),
        _ => Decode(ids, LlamaLayer), // llama, and mistral, which is llama with a window
    };

    // Embedding, layers, final norm, head: LlamaForCausalLM and those after it. Gemma's embeddings are times sqrt(D)
    // (GemmaModel), and Gemma 2 caps the logits (Gemma2ForCausalLM).
    private double[][] Decode(IReadOnlyList<int> ids, Func<double[][], string, int, double[][]> layer)
    {
        double scale = IsGemma ? Math.Sqrt(_config.Integer("hidden_size")) : 1;
        double[][] x = Each(Rows("model.embed_tokens.weight", ids), value => value * scale);
        for (int index = 0; index < _config.Integer("num_hidden_layers"); index++)
        {
            x = layer(x, $"model.layers.{index}.", index);
        }

        string head = _config.Flag("tie_word_embeddings") ? "model.embed_tokens" : "lm_head";
        double? cap = _config.NumberOrNull("final_logit_softcapping");
        return Each(Linear(Norm(x, "model.norm"), head, bias: false), logit => Cap(logit, cap));
    }

    // LlamaDecoderLayer, MistralDecoderLayer: norms before the parts; biases on all four projections, and on all three of
    // the feed-forward, where the config says so (attention_bias, mlp_bias).
    private double[][] LlamaLayer(double[][] x, string layer, int index)
    {
        (double[][] q, double[][] k, double[][] v) = Projections(Norm(x, layer + "input_layernorm"), layer, Says("attention_bias"));
        x = Sum(x, Linear(Attention(q, k, v, index), layer + "self_attn.o_proj", Says("attention_bias")));
        return Sum(x, FeedForward(Norm(x, layer + "post_attention_layernorm"), layer, Says("mlp_bias")));
    }

    // Qwen2DecoderLayer: llama with biases on q, k and v alone, always.
    private double[][] Qwen2Layer(double[][] x, string layer, int index)
    {
        (double[][] q, double[][] k, double[][] v) = Projections(Norm(x, layer + "input_layernorm"), layer, bias: true);
        x = Sum(x, Linear(Attention(q, k, v, index), layer + "self_attn.o_proj", bias: false));
        return Sum(x, FeedForward(Norm(x, layer + "post_attention_layernorm"), layer, bias: false));
    }

    // Qwen3DecoderLayer: llama with a norm on each head of q and k, before rope.
    private double[][] Qwen3Layer(double[][] x, string layer, int index)
    {
        (double[][] q, double[][] k, double[][] v) = Projections(Norm(x, layer + "input_layernorm"), layer, Says("attention_bias"));
        (q, k) = (Norm(q, layer + "self_attn.q_norm"), Norm(k, layer + "self_attn.k_norm"));
        x = Sum(x, Linear(Attention(q, k, v, index), layer + "self_attn.o_proj", Says("attention_bias")));
        return Sum(x, FeedForward(Norm(x, layer + "post_attention_layernorm"), layer, bias: false));
    }

    // GemmaDecoderLayer: llama with gains 1 + w and a GELU gate.
    private double[][] GemmaLayer(double[][] x, string layer, int index)
    {
        (double[][] q, double[][] k, double[][] v) = Projections(Norm(x, layer + "input_layernorm"), layer, Says("attention_bias"));
        x = Sum(x, Linear(Attention(q, k, v, index), layer + "self_attn.o_proj", Says("attention_bias")));
        return Sum(x, FeedForward(Norm(x, layer + "post_attention_layernorm"), layer, bias: false));
    }

    // Gemma2DecoderLayer: norms before and after both parts; the scale is query_pre_attn_scalar^-1/2, scores are capped.
    private double[][] Gemma2Layer(double[][] x, string layer, int index)
    {
        (double[][] q, double[][] k, double[][] v) = Projections(Norm(x, layer + "input_layernorm"), layer, Says("attention_bias"));
        double[][] mixed = Linear(Attention(q, k, v, index), layer + "self_attn.o_proj", Says("attention_bias"));
        x = Sum(x, Norm(mixed, layer + "post_attention_layernorm"));
        double[][] fed = FeedForward(Norm(x, layer + "pre_feedforward_layernorm"), layer, bias: false);
        return Sum(x, Norm(fed, layer + "post_feedforward_layernorm"));
    }

    // Gemma3DecoderLayer: Gemma 2 with a norm (1 + w) on each head of q and k, before rope, and two ropes by layer type.
    private double[][] Gemma3Layer(double[][] x, string layer, int index)
    {
        (double[][] q, double[][] k, double[][] v) = Projections(Norm(x, layer + "input_layernorm"), layer, Says("attention_bias"));
        (q, k) = (Norm(q, layer + "self_attn.q_norm"), Norm(k, layer + "self_attn.k_norm"));
        double[][] mixed = Linear(Attention(q, k, v, index), layer + "self_attn.o_proj", Says("attention_bias"));
        x = Sum(x, Norm(mixed, layer + "post_attention_layernorm"));
        double[][] fed = FeedForward(Norm(x, layer + "pre_feedforward_layernorm"), layer, bias: false);
        return Sum(x, Norm(fed, layer + "post_feedforward_layernorm"));
    }

    // Phi3DecoderLayer: llama whose q, k, v are the rows of one matrix, and gate and up those of another, in this order.
    private double[][] Phi3Layer(double[][] x, string layer, int index)
    {
        int queries = _config.HeadCount * _config.HeadDim, keys = _config.KeyValueHeadCount * _config.HeadDim;
        double[][] qkv = Linear(Norm(x, layer + "input_layernorm"), layer + "self_attn.qkv_proj", bias: false);
        double[][] mixed = Attention(
            Columns(qkv, 0, queries), Columns(qkv, queries, keys), Columns(qkv, queries + keys, keys), index);
        x = Sum(x, Linear(mixed, layer + "self_attn.o_proj", bias: false));
        double[][] both = Linear(Norm(x, layer + "post_attention_layernorm"), layer + "mlp.gate_up_proj", bias: false);
        int inner = both[0].Length / 2;
        double[][] gated = Product(Each(Columns(both, 0, inner), Activation), Columns(both, inner, inner));
        return Sum(x, Linear(gated, layer + "mlp.down_proj", bias: false));
    }

    // Olmo2DecoderLayer: norms after the parts only; q and k are normed as a whole, over all heads, before rope.
    private double[][] Olmo2Layer(double[][] x, string layer, int index)
    {
        (double[][] q, double[][] k, double[][] v) = Projections(x, layer, Says("attention_bias"));
        (q, k) = (Norm(q, layer + "self_attn.q_norm"), Norm(k, layer + "self_attn.k_norm"));
        double[][] mixed = Linear(Attention(q, k, v, index), layer + "self_attn.o_proj", Says("attention_bias"));
        x = Sum(x, Norm(mixed, layer + "post_attention_layernorm"));
        return Sum(x, Norm(FeedForward(x, layer, bias: false), layer + "post_feedforward_layernorm"));
    }

    // GPT2LMHeadModel: learned positions, LayerNorm before the parts, weights stored [in, out] (Conv1D), the columns of
    // c_attn are q, k, v. Radford et al. 2019. The first published files lack the prefix "transformer.".
    private double[][] Gpt2(IReadOnlyList<int> ids)
    {
        string prefix = tensors.ContainsKey("transformer.wte.weight") ? "transformer." : "";
        double[][] x = Sum(Rows(prefix + "wte.weight", ids), Rows(prefix + "wpe.weight", [.. Enumerable.Range(0, ids.Count)]));
        int dim = x[0].Length, headDim = dim / _config.Integer("n_head");
        for (int index = 0; index < _config.Integer("n_layer"); index++)
        {
            string layer = $"{prefix}h.{index}.";
            double scale = _config.Flag("scale_attn_weights") ? 1 / Math.Sqrt(headDim) : 1;
            scale /= _config.Flag("scale_attn_by_inverse_layer_idx") ? index + 1 : 1;
            double[][] qkv = Convolution(CenteredNorm(x, layer + "ln_1"), layer + "attn.c_attn");
            double[][] mixed = Attend(
                Columns(qkv, 0, dim), Columns(qkv, dim, dim), Columns(qkv, 2 * dim, dim), headDim, scale, window: null, cap: null);
            x = Sum(x, Convolution(mixed, layer + "attn.c_proj"));
            double[][] inner = Convolution(CenteredNorm(x, layer + "ln_2"), layer + "mlp.c_fc");
            x = Sum(x, Convolution(Each(inner, Activation), layer + "mlp.c_proj"));
        }

        string head = _config.Flag("tie_word_embeddings") ? prefix + "wte" : "lm_head";
        return Linear(CenteredNorm(x, prefix + "ln_f"), head, bias: false);
    }

    private bool IsGemma => _config.ModelType.StartsWith("gemma", StringComparison.Ordinal);

    // A switch of the config that not every family has.
    private bool Says(string key) => _config.Has(key) && _config.Flag(key);

    private (double[][] Q, double[][] K, double[][] V) Projections(double[][] x, string layer, bool bias) => (
        Linear(x, layer + "self_attn.q_proj", bias),
        Linear(x, layer + "self_attn.k_proj", bias),
        Linear(x, layer + "self_attn.v_proj", bias));

    // Rope on q and k, then attention with the layer's window.
    private double[][] Attention(double[][] q, double[][] k, double[][] v, int layer)
    {
        PlainRope rope = PlainRope.Of(_config, _config.LayerType(layer), q.Length);
        for (int position = 0; position < q.Length; position++)
        {
            rope.Turn(q[position], _config.HeadDim, position);
            rope.Turn(k[position], _config.HeadDim, position);
        }

        double scale = 1 / Math.Sqrt(_config.NumberOrNull("query_pre_attn_scalar") ?? _config.HeadDim);
        double? cap = _config.NumberOrNull("attn_logit_softcapping");
        return Attend(q, k, v, _config.HeadDim, scale, _config.Window(layer), cap);
    }

    // down(activation(gate(x)) * up(x)): Shazeer 2020, arXiv:2002.05202, section 2.
    private double[][] FeedForward(double[][] x, string layer, bool bias) => Linear(
        Product(Each(Linear(x, layer + "mlp.gate_proj", bias), Activation), Linear(x, layer + "mlp.up_proj", bias)),
        layer + "mlp.down_proj",
        bias);

    private double Activation(double x)
    {
        string[] keys = ["activation_function", "hidden_activation", "hidden_act"];
        return Activate(_config.Text(keys.First(_config.Has)), x);
    }

    private double[][] Rows(string name, IReadOnlyList<int> rows)
    {
        PlainTensor table = tensors[name];
        int dim = table.Shape[1];
        return [.. rows.Select(row => table.Values[(row * dim)..((row + 1) * dim)])];
    }

    private double[][] Norm(double[][] x, string name) =>
        RmsNorm(x, tensors[name + ".weight"], IsGemma ? 1 : 0, _config.Number("rms_norm_eps"));

    private double[][] CenteredNorm(double[][] x, string name) =>
        LayerNorm(x, tensors[name + ".weight"], tensors[name + ".bias"], _config.Number("layer_norm_epsilon"));

    private double[][] Linear(double[][] x, string name, bool bias) =>
        PlainLayers.Linear(x, tensors[name + ".weight"], bias ? tensors[name + ".bias"] : null);

    private double[][] Convolution(double[][] x, string name)
    {
        PlainTensor stored = tensors[name + ".weight"];
        int ins = stored.Shape[0], outs = stored.Shape[1];
        double[] turned = new double[ins * outs];
        for (int i = 0; i < turned.Length; i++)
        {
            turned[i] = stored.Values[(i % ins * outs) + (i / ins)];
        }

        return PlainLayers.Linear(x, new PlainTensor([outs, ins], turned), tensors[name + ".bias"]);
    }
}
