using System.Text.Json.Nodes;
using ReSTEM.Models;

namespace ReSTEM.Tests;

/// <summary>Random weights for a config, under the names and in the shapes that published files of its family have.</summary>
/// <remarks>
/// Matrices are normal with a deviation of 0.9 / sqrt(in); query and key rows are larger, so that attention is far from
/// uniform, and where scores are capped so large that they reach the cap's order. Logits spread over some +-5, wider where
/// they are capped. Where the head is tied the embeddings are small, the last norm's gains large: otherwise every token
/// would predict itself.
/// </remarks>
internal sealed class FamilyWeights(JsonObject config, ulong seed)
{
    private const double Spread = 0.9;
    private const double TiedSpread = 0.5;
    private readonly PlainConfig _config = new(config);
    private readonly List<WeightTensor> _tensors = [];
    private ulong _state;

    internal IReadOnlyList<WeightTensor> All()
    {
        _tensors.Clear();
        _state = seed;
        if (_config.ModelType == "gpt2")
        {
            Gpt2();
        }
        else
        {
            Others();
        }

        return _tensors;
    }

    private void Others()
    {
        int dim = _config.Integer("hidden_size"), vocabulary = _config.Integer("vocab_size");
        int inner = _config.Integer("intermediate_size");
        bool tied = _config.Flag("tie_word_embeddings");
        double unit = IsGemma ? 1 / Math.Sqrt(dim) : 1; // gemma multiplies embeddings by the root
        Matrix("model.embed_tokens", vocabulary, dim, tied ? TiedSpread / Math.Sqrt(dim) : unit);
        for (int index = 0; index < _config.Integer("num_hidden_layers"); index++)
        {
            string layer = $"model.layers.{index}.";
            Attention(layer + "self_attn.", dim);
            FeedForward(layer + "mlp.", dim, inner);
            foreach (string norm in LayerNorms)
            {
                Gain(layer + norm, dim);
            }
        }

        Gain("model.norm", dim, tied ? LogitSpread / TiedSpread : 1);
        if (!tied)
        {
            Matrix("lm_head", vocabulary, dim, LogitSpread / Math.Sqrt(dim));
        }
    }

    private void Attention(string part, int dim)
    {
        int headDim = _config.HeadDim, queries = _config.HeadCount * headDim, keys = _config.KeyValueHeadCount * headDim;
        bool says = _config.Has("attention_bias") && _config.Flag("attention_bias") && _config.ModelType != "phi3";
        double value = Spread / Math.Sqrt(dim);
        if (_config.ModelType == "phi3")
        {
            Matrix(part + "qkv_proj", queries + keys + keys, dim, 1.5 * value);
        }
        else
        {
            bool bias = says || _config.ModelType == "qwen2";
            Projection(part + "q_proj", queries, dim, ScoreSpread * value, bias);
            Projection(part + "k_proj", keys, dim, ScoreSpread * value, bias);
            Projection(part + "v_proj", keys, dim, value, bias);
        }

        Projection(part + "o_proj", dim, queries, Spread / Math.Sqrt(queries), says);
        if (_config.ModelType is "qwen3" or "gemma3_text" or "olmo2")
        {
            bool whole = _config.ModelType == "olmo2";
            Gain(part + "q_norm", whole ? queries : headDim);
            Gain(part + "k_norm", whole ? keys : headDim);
        }
    }

    private void FeedForward(string part, int dim, int inner)
    {
        bool bias = _config.ModelType == "llama" && _config.Flag("mlp_bias");
        double gate = 1.5 * Spread / Math.Sqrt(dim);
        if (_config.ModelType == "phi3")
        {
            Matrix(part + "gate_up_proj", 2 * inner, dim, gate);
        }
        else
        {
            Projection(part + "gate_proj", inner, dim, gate, bias);
            Projection(part + "up_proj", inner, dim, gate, bias);
        }

        Projection(part + "down_proj", dim, inner, Spread / Math.Sqrt(inner), bias);
    }

    // Weights [in, out]. Files without transformers_version are of the age whose names have no prefix; they hold the masks.
    private void Gpt2()
    {
        int dim = _config.Integer("n_embd"), positions = _config.Integer("n_positions");
        int inner = _config.Has("n_inner") ? _config.Integer("n_inner") : 4 * dim;
        bool bare = !_config.Has("transformers_version");
        string prefix = bare ? "" : "transformer.";
        Matrix(prefix + "wte", _config.Integer("vocab_size"), dim, TiedSpread / Math.Sqrt(dim));
        Matrix(prefix + "wpe", positions, dim, TiedSpread / Math.Sqrt(dim));
        for (int index = 0; index < _config.Integer("n_layer"); index++)
        {
            string layer = $"{prefix}h.{index}.";
            Centered(layer + "ln_1", dim);
            Turned(layer + "attn.c_attn", dim, 3 * dim, 1.5);
            Turned(layer + "attn.c_proj", dim, dim, 1);
            Centered(layer + "ln_2", dim);
            Turned(layer + "mlp.c_fc", dim, inner, 1.5);
            Turned(layer + "mlp.c_proj", inner, dim, 1);
            if (bare)
            {
                float[] mask = [.. Enumerable.Range(0, positions * positions).Select(i => i % positions <= i / positions ? 1f : 0f)];
                _tensors.Add(new WeightTensor(layer + "attn.bias", [1, 1, positions, positions], mask));
            }
        }

        Centered(prefix + "ln_f", dim, LogitSpread / TiedSpread);
    }

    private IReadOnlyList<string> LayerNorms => _config.ModelType switch
    {
        "gemma2" or "gemma3_text" =>
            ["input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"],
        "olmo2" => ["post_attention_layernorm", "post_feedforward_layernorm"],
        _ => ["input_layernorm", "post_attention_layernorm"],
    };

    private bool IsGemma => _config.ModelType.StartsWith("gemma", StringComparison.Ordinal);

    // A score's deviation is about (Spread * ScoreSpread)^2.
    private double ScoreSpread => _config.NumberOrNull("attn_logit_softcapping") is double cap ? Math.Sqrt(0.15 * cap) / Spread : 1.5;

    private double LogitSpread => Math.Max(2, (_config.NumberOrNull("final_logit_softcapping") ?? 0) / 4);

    private void Projection(string name, int outs, int ins, double deviation, bool bias)
    {
        Matrix(name, outs, ins, deviation);
        if (bias)
        {
            Add(name + ".bias", [outs], 0, 0.2);
        }
    }

    private void Turned(string name, int ins, int outs, double factor)
    {
        Add(name + ".weight", [ins, outs], 0, factor * Spread / Math.Sqrt(ins));
        Add(name + ".bias", [outs], 0, 0.2);
    }

    private void Centered(string name, int dim, double gain = 1)
    {
        Add(name + ".weight", [dim], gain, 0.2);
        Add(name + ".bias", [dim], 0, 0.2);
    }

    // Gemma's files hold the gain less 1.
    private void Gain(string name, int dim, double gain = 1) => Add(name + ".weight", [dim], IsGemma ? gain - 1 : gain, 0.2);

    private void Matrix(string name, int rows, int columns, double deviation) => Add(name + ".weight", [rows, columns], 0, deviation);

    private void Add(string name, int[] shape, double mean, double deviation)
    {
        float[] values = new float[shape.Aggregate(1, (product, extent) => product * extent)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(mean + (deviation * Normal()));
        }

        _tensors.Add(new WeightTensor(name, shape, values));
    }

    // Box and Muller 1958.
    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    // SplitMix64 (Steele et al. 2014), its upper 53 bits in [0, 1).
    private double Uniform()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
