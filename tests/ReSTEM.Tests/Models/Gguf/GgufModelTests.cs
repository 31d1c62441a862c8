using System.Text.Json.Nodes;
using ReSTEM.Models;

namespace ReSTEM.Tests;

public sealed class GgufModelTests
{
    public static TheoryData<string> Expressible() =>
    [
        "gemma", "gemma3-rope-parameters", "llama", "llama-biases-tied", "llama-one-key-value-head", "llama-rope-linear", "llama-rope-dynamic",
        "llama-rope-llama3", "llama-rope-yarn", "mistral-no-window", "phi3", "olmo2", "gpt2-inner", "gpt2-bare-names", "qwen2-window-off-tied",
        "qwen2-rope-yarn", "qwen3-tied",
    ];

    [Theory]
    [MemberData(nameof(Expressible))]
    public void Every_number_of_a_model_is_in_its_file(string name)
    {
        using var scratch = new ScratchFolder();
        var (weights, file) = Export(scratch, Config(name));
        Assert.Equal(weights.Places.Count + (name == "llama-rope-llama3" ? 1 : 0), file.Tensors.Count);
        float[] before = [.. weights.Tensors.SelectMany((tensor, index) =>
            tensor.Values.Select(value => value + (IsGain(weights.Places[index]) ? weights.Config.Family.GainOffset : 0))).Order()];
        float[] after = [.. file.Tensors.Where(tensor => tensor.Key != "rope_freqs.weight").SelectMany(tensor => tensor.Value.Values).Order()];
        Assert.Equal(before, after);
        Assert.All(file.Tensors.Values, tensor => Assert.Equal(0, tensor.Offset % 32));
        Assert.Equal((uint)weights.Config.LayerCount, file.Metadata[$"{file.Metadata["general.architecture"]}.block_count"]);
        Assert.Equal("none", file.Metadata["tokenizer.ggml.model"]);
    }

    [Fact]
    public void Queries_and_keys_of_a_llama_have_the_two_halves_of_each_head_in_turn()
    {
        using var scratch = new ScratchFolder();
        var (weights, file) = Export(scratch, Config("llama-biases-tied"));
        int headDim = weights.Config.HeadDim, dim = weights.Config.ModelDim;
        float[] query = weights["model.layers.1.self_attn.q_proj.weight"].Values, turned = file.Tensors["blk.1.attn_q.weight"].Values;
        float[] bias = weights["model.layers.1.self_attn.k_proj.bias"].Values, turnedBias = file.Tensors["blk.1.attn_k.bias"].Values;
        foreach (int head in (int[])[0, 1])
        {
            for (int pair = 0; pair < headDim / 2; pair++)
            {
                int first = (head * headDim) + pair, second = first + (headDim / 2), target = (head * headDim) + (2 * pair);
                Assert.Equal(query.AsSpan(first * dim, dim), turned.AsSpan(target * dim, dim));
                Assert.Equal(query.AsSpan(second * dim, dim), turned.AsSpan((target + 1) * dim, dim));
                Assert.Equal((bias[first], bias[second]), (turnedBias[target], turnedBias[target + 1]));
            }
        }

        Assert.Equal(weights["model.layers.1.self_attn.v_proj.weight"].Values, file.Tensors["blk.1.attn_v.weight"].Values);
        Assert.Equal([dim, query.Length / dim], file.Tensors["blk.1.attn_q.weight"].Extents);
    }

    [Fact]
    public void Rows_of_other_families_stay_in_order()
    {
        using var scratch = new ScratchFolder();
        var (weights, file) = Export(scratch, Config("qwen3-tied"));
        Assert.Equal(weights["model.layers.0.self_attn.q_proj.weight"].Values, file.Tensors["blk.0.attn_q.weight"].Values);
    }

    [Fact]
    public void Wavelengths_of_llama3_have_factors_from_1_to_the_full_one()
    {
        using var scratch = new ScratchFolder();
        var (_, file) = Export(scratch, Config("llama-rope-llama3")); // theta 500000, head_dim 24, factor 8, low 1, high 4, first context 64
        float[] factors = file.Tensors["rope_freqs.weight"].Values;
        Assert.Equal(12, factors.Length);
        Assert.Equal(1, factors[0]); // wavelength 2 pi = 6.3 < 64 / 4
        Assert.Equal(8, factors[^1]); // 2 pi 500000^(22/24) > 64 / 1

        // pair 1: wavelength 2 pi 500000^(2/24) = 18.75, 64 / 18.75 = 3.413 turns, share (3.413 - 1) / 3 = 0.8043
        Assert.Equal(1 / ((0.1957 / 8) + 0.8043), factors[1], 3e-3);
    }

    [Fact]
    public void A_tied_head_is_written_again_where_the_architecture_wants_one()
    {
        using var scratch = new ScratchFolder();
        var (weights, file) = Export(scratch, FamilyModels.With(Config("olmo2").ToJsonString(), """{"tie_word_embeddings": true}"""));
        Assert.Equal(weights["model.embed_tokens.weight"].Values, file.Tensors["output.weight"].Values);
    }

    [Fact]
    public void Narrow_types_are_for_matrices_and_near()
    {
        using var scratch = new ScratchFolder();
        var config = FamilyModels.With(Config("llama").ToJsonString(), """{"hidden_size": 64, "intermediate_size": 72, "head_dim": 16}""");
        var (weights, half) = Export(scratch, config, GgufType.F16);
        Assert.Equal(GgufFile.F16, half.Tensors["blk.0.attn_v.weight"].Type);
        Assert.Equal(GgufFile.F32, half.Tensors["blk.0.attn_norm.weight"].Type);
        float[] value = weights["model.layers.0.self_attn.v_proj.weight"].Values;
        Assert.Equal([.. value.Select(number => (float)(Half)number)], half.Tensors["blk.0.attn_v.weight"].Values);

        var upper = Write(scratch, weights, GgufType.BF16).Tensors["blk.0.attn_v.weight"];
        Assert.Equal(GgufFile.BF16, upper.Type);
        Assert.All(value.Zip(upper.Values), pair => Assert.InRange(pair.Second, pair.First - (MathF.Abs(pair.First) / 256), pair.First + (MathF.Abs(pair.First) / 256)));

        var blocks = Write(scratch, weights, GgufType.Q8);
        Assert.Equal(GgufFile.F16, blocks.Tensors["blk.0.ffn_down.weight"].Type); // 72 is no multiple of 32
        Assert.Equal(GgufFile.Q8, blocks.Tensors["blk.0.attn_v.weight"].Type);
        for (int block = 0; block < value.Length / 32; block++)
        {
            float most = value.Skip(block * 32).Take(32).Max(MathF.Abs);
            float step = most / 127, rounding = most / 2048; // half a step, and what the factor loses in half precision
            for (int index = block * 32; index < (block + 1) * 32; index++)
            {
                Assert.InRange(blocks.Tensors["blk.0.attn_v.weight"].Values[index] - value[index], -(step / 2) - rounding, (step / 2) + rounding);
            }
        }
    }

    [Theory]
    [InlineData("mistral-window", "sliding_window is 6")]
    [InlineData("qwen2-layer-types", "sliding_window is 5")]
    [InlineData("qwen3-biases-window", "projections with biases are QueryKeyValue, Output")]
    [InlineData("gemma2", "query_pre_attn_scalar is 24, expected 16")]
    [InlineData("gemma2-untied-low-caps", "tie_word_embeddings is false")]
    [InlineData("llama-rope-yarn-all-keys", "beta_fast and beta_slow are 2 and 0.25")]
    [InlineData("phi3-longrope-partial-window-tied", "sliding_window is 7")]
    public void What_llama_cpp_does_not_compute_is_refused_by_name(string name, string expected)
    {
        using var scratch = new ScratchFolder();
        FamilyModels.Write(scratch.Path, Config(name), seed: 3);
        var weights = ModelFolder.Load(scratch.Path);
        string path = scratch.File("model.gguf");
        var fault = Assert.Throws<InvalidDataException>(() => GgufModel.Write(path, weights, scratch.Path, GgufType.F32, hasTokenizer: false));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData("llama", """{"hidden_act": "gelu_pytorch_tanh"}""", "the activation is GeluTanh, expected Silu")]
    [InlineData("qwen2-window-off-tied", """{"rope_scaling": {"rope_type": "llama3", "factor": 8.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0, "original_max_position_embeddings": 64}}""", "rope_type is llama3")]
    [InlineData("gemma3-rope-parameters", """{"layer_types": ["full_attention", "sliding_attention", "sliding_attention"]}""", "windows by layer are 0, 8, 8")]
    [InlineData("gemma3-rope-parameters", """{"attn_logit_softcapping": 50.0}""", "attn_logit_softcapping is 50, expected null")]
    [InlineData("gpt2-inner", """{"scale_attn_weights": false}""", "the square of 1 / scale is 1")]
    public void Changed_keys_are_refused_by_name(string name, string changes, string expected)
    {
        using var scratch = new ScratchFolder();
        FamilyModels.Write(scratch.Path, FamilyModels.With(Config(name).ToJsonString(), changes), seed: 3);
        using var weights = ModelFolder.Open(scratch.Path);
        var fault = Assert.Throws<InvalidDataException>(
            () => GgufModel.Write(scratch.File("model.gguf"), weights, scratch.Path, GgufType.F32, hasTokenizer: false));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    private static bool IsGain(TensorPlace place) => place.Part.ToString().EndsWith("Norm", StringComparison.Ordinal);

    private static JsonObject Config(string name) => FamilyModels.All.Single(model => model.Name == name).Config;

    private static (ModelWeights Weights, GgufFile File) Export(ScratchFolder scratch, JsonObject config, GgufType type = GgufType.F32)
    {
        FamilyModels.Write(scratch.Path, config, seed: 3);
        var weights = ModelFolder.Load(scratch.Path);
        return (weights, Write(scratch, weights, type));
    }

    private static GgufFile Write(ScratchFolder scratch, ModelWeights weights, GgufType type)
    {
        string path = scratch.File($"{type}.gguf");
        Assert.Empty(GgufModel.Write(path, weights, scratch.Path, type, hasTokenizer: false));
        return GgufFile.Read(path);
    }
}
