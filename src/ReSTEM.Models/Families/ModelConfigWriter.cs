using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Models;

/// <summary>
/// Writes <c>config.json</c> and <c>generation_config.json</c> of models that are made here, as the ecosystem reads them. A model
/// that was trained from another has the other's files.
/// </summary>
public static class ModelConfigWriter
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n" };

    /// <summary>Writes both files into an existing folder, each whole or not at all.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="config">Of plain Llama or Qwen2 layers.</param>
    /// <exception cref="NotSupportedException">The family's own keys would be lost.</exception>
    public static void Write(string folder, ModelConfig config)
    {
        bool isPlain = config is { Windows.Count: 0, AttentionScale: 0, Activation: Activation.Silu, Rope.Scaling: null or Llama3RopeScaling }
            && config.Biases == config.Family.Biases;
        if (!isPlain || (config.Family != DecoderFamilies.Llama && config.Family != DecoderFamilies.Qwen2))
        {
            throw new NotSupportedException($"{config.Family} is not made here, expected a base whose config.json goes along.");
        }

        WriteObject(Path.Combine(folder, "config.json"), json => WriteConfig(json, config));
        WriteObject(Path.Combine(folder, "generation_config.json"), json => WriteTokens(json, config));
    }

    private static void WriteObject(string path, Action<Utf8JsonWriter> write) => AtomicFile.Write(path, stream =>
    {
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    });

    private static void WriteConfig(Utf8JsonWriter json, ModelConfig config)
    {
        json.WriteStartArray("architectures");
        json.WriteStringValue(config.Family.ClassName);
        json.WriteEndArray();
        json.WriteString("model_type", config.Family.ModelType);
        json.WriteNumber("hidden_size", config.ModelDim);
        json.WriteNumber("num_hidden_layers", config.LayerCount);
        json.WriteNumber("num_attention_heads", config.HeadCount);
        json.WriteNumber("num_key_value_heads", config.KvHeadCount);
        json.WriteNumber("head_dim", config.HeadDim);
        json.WriteNumber("intermediate_size", config.FeedForwardDim);
        json.WriteNumber("vocab_size", config.VocabularySize);
        json.WriteNumber("max_position_embeddings", config.ContextLength);
        json.WriteString("hidden_act", "silu");
        json.WriteNumber("rms_norm_eps", config.NormEpsilon);
        json.WriteNumber("rope_theta", config.Rope!.Theta);
        WriteScaling(json, config.Rope.Scaling as Llama3RopeScaling);
        json.WriteBoolean("tie_word_embeddings", config.TiedEmbeddings);
        json.WriteString("torch_dtype", "float32");
        WriteTokens(json, config);
    }

    private static void WriteScaling(Utf8JsonWriter json, Llama3RopeScaling? scaling)
    {
        if (scaling is null)
        {
            json.WriteNull("rope_scaling");
            return;
        }

        json.WriteStartObject("rope_scaling");
        json.WriteString("rope_type", "llama3");
        json.WriteNumber("factor", scaling.Factor);
        json.WriteNumber("low_freq_factor", scaling.LowFrequencyFactor);
        json.WriteNumber("high_freq_factor", scaling.HighFrequencyFactor);
        json.WriteNumber("original_max_position_embeddings", scaling.OriginalContextLength);
        json.WriteEndObject();
    }

    private static void WriteTokens(Utf8JsonWriter json, ModelConfig config)
    {
        if (config.BeginTokenId is { } begin)
        {
            json.WriteNumber("bos_token_id", begin);
        }

        if (config.EndTokenIds.Count == 1)
        {
            json.WriteNumber("eos_token_id", config.EndTokenIds[0]);
        }
        else if (config.EndTokenIds.Count > 1)
        {
            json.WriteStartArray("eos_token_id");
            foreach (int id in config.EndTokenIds)
            {
                json.WriteNumberValue(id);
            }

            json.WriteEndArray();
        }
    }
}
