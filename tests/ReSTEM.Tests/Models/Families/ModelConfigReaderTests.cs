using System.Text.Json.Nodes;
using ReSTEM.Models;

namespace ReSTEM.Tests;

public sealed class ModelConfigReaderTests
{
    private const string Llama = """
        {"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 96,
         "vocab_size": 100, "max_position_embeddings": 128, "rms_norm_eps": 1e-5, "eos_token_id": 2}
        """;

    [Fact]
    public void Absent_keys_have_the_defaults_of_the_model_class()
    {
        ModelConfig config = Read(Llama);
        Assert.Equal(4, config.KvHeadCount);
        Assert.Equal(16, config.HeadDim);
        Assert.Equal(10_000, config.Rope!.Theta);
        Assert.Null(config.Rope.Scaling);
        Assert.False(config.TiedEmbeddings);
        Assert.Equal([2], config.EndTokenIds);
    }

    [Fact]
    public void End_tokens_of_generation_config_go_before_those_of_config()
    {
        ModelConfig config = Read(Llama, """{"eos_token_id": [7, 5]}""");
        Assert.Equal([7, 5], config.EndTokenIds);
    }

    [Theory]
    [InlineData("model_type", "\"mamba\"", "model_type is mamba, expected one of llama, mistral, qwen2, qwen3, gemma, gemma2, gemma3_text, phi3, olmo2, gpt2")]
    [InlineData("hidden_act", "\"gelu\"", "hidden_act is gelu, expected silu, gelu_pytorch_tanh or gelu_new")]
    [InlineData("attention_multiplier", "0.5", "attention_multiplier is 0.5, expected no such key: it may change what the model computes")]
    [InlineData("sliding_window", "8", "sliding_window is 8, expected no such key")]
    [InlineData("pretraining_tp", "2", "pretraining_tp is 2, expected 1")]
    [InlineData("partial_rotary_factor", "0.5", "partial_rotary_factor is 0.5, expected 1")]
    [InlineData("quantization_config", "{\"bits\": 4}", "quantization_config is present")]
    [InlineData("rope_scaling", "{\"rope_type\": \"ntk\", \"factor\": 4}", "rope_scaling.rope_type is ntk, expected default, llama3, linear, dynamic, yarn or longrope")]
    [InlineData("rope_scaling", "{\"type\": \"linear\", \"factor\": 2, \"zzz\": 1}", "rope_scaling.zzz is 1, expected no such key")]
    [InlineData("rope_scaling", "{\"rope_type\": \"linear\", \"type\": \"yarn\", \"factor\": 2}", "rope_scaling.type is yarn, expected linear, as rope_type says")]
    [InlineData("rope_scaling", "{\"type\": \"linear\", \"factor\": 1e308}", "rope_scaling.factor is 1e308, expected a number > 0, at most 1000000000000")]
    [InlineData("rms_norm_eps", "1e300", "rms_norm_eps is 1e300, expected a number > 0, at most 1")]
    [InlineData("rope_scaling", "{\"type\": \"linear\"}", "rope_scaling.factor is missing")]
    [InlineData("rope_scaling", "{\"type\": \"yarn\", \"factor\": 4, \"original_max_position_embeddings\": 64}", "rope_scaling.factor is 4, expected max_position_embeddings / original_max_position_embeddings (128 / 64 = 2)")]
    [InlineData("rope_scaling", "{\"rope_type\": \"llama3\", \"factor\": 4}", "rope_scaling.low_freq_factor is missing")]
    [InlineData("hidden_size", "66", "hidden_size is 66, expected a multiple of num_attention_heads (4)")]
    [InlineData("num_key_value_heads", "3", "num_key_value_heads is 3, expected a divisor of num_attention_heads (4)")]
    [InlineData("head_dim", "15", "head_dim is 15, expected an even number")]
    [InlineData("eos_token_id", "[3, 100]", "eos_token_id is 100, expected token ids from 0 to 99")]
    [InlineData("vocab_size", "\"many\"", "vocab_size is \"many\", expected a whole number")]
    [InlineData("rms_norm_eps", "0", "rms_norm_eps is 0, expected a number > 0")]
    public void Key_that_the_engine_does_not_compute_is_refused_by_name(string key, string value, string message)
    {
        JsonObject json = JsonNode.Parse(Llama)!.AsObject();
        json[key] = JsonNode.Parse(value);
        var fault = Assert.Throws<InvalidDataException>(() => Read(json.ToJsonString()));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var fault = Assert.Throws<InvalidDataException>(() => Read("""{"model_type": "qwen2", "use_sliding_window": 3, "hidden_size": 0}"""));
        Assert.Contains("use_sliding_window is 3", fault.Message, StringComparison.Ordinal);
        Assert.Contains("hidden_size is 0", fault.Message, StringComparison.Ordinal);
        Assert.Contains("vocab_size is missing", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Newer_rope_parameters_are_read_like_the_older_keys()
    {
        JsonObject json = JsonNode.Parse(Llama)!.AsObject();
        json["rope_parameters"] = JsonNode.Parse("""
            {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
             "original_max_position_embeddings": 64}
            """);
        ModelConfig config = Read(json.ToJsonString());
        Assert.Equal(500_000, config.Rope!.Theta);
        Assert.Equal(new Llama3RopeScaling(8, 1, 4, 64), config.Rope.Scaling);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"model_type": "\ud800"}""")]
    public void Unreadable_file_is_refused(string text) => Assert.Throws<InvalidDataException>(() => Read(text));

    [Fact]
    public void Written_configuration_reads_back_equal()
    {
        using var folder = new ScratchFolder();
        ModelConfig config = TestModels.Config(DecoderFamilies.Qwen2) with
        {
            Rope = new RopeConfig(10_000, 8, new Llama3RopeScaling(8, 1, 4, 64)),
            EndTokenIds = [9, 4],
        };
        ModelConfigWriter.Write(folder.Path, config);
        ModelConfig read = ModelConfigReader.Read(folder.Path);
        Assert.Equal(config.EndTokenIds, read.EndTokenIds);
        Assert.Equal(config with { EndTokenIds = [] }, read with { EndTokenIds = [] });
    }

    private static ModelConfig Read(string config, string? generation = null)
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.File("config.json"), config);
        if (generation is not null)
        {
            File.WriteAllText(folder.File("generation_config.json"), generation);
        }

        return ModelConfigReader.Read(folder.Path);
    }
}
