namespace ReSTEM.Models;

/// <summary>Names and shapes of the tensors that a configuration calls for, in Hugging Face's naming.</summary>
public static class ModelLayout
{
    internal const string Embedding = "model.embed_tokens.weight";
    internal const string FinalNorm = "model.norm.weight";
    internal const string Head = "lm_head.weight";

    /// <summary>Every stored tensor, embedding first, then layer by layer; a tied head is not stored.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<int> Shape)> Tensors(ModelConfig config)
    {
        var tensors = new List<(string, IReadOnlyList<int>)> { (Embedding, [config.VocabularySize, config.ModelDim]) };
        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            tensors.Add((Layer(layer, "input_layernorm.weight"), [config.ModelDim]));
            tensors.Add((Layer(layer, "self_attn.q_proj.weight"), [config.QueryDim, config.ModelDim]));
            tensors.Add((Layer(layer, "self_attn.k_proj.weight"), [config.KvDim, config.ModelDim]));
            tensors.Add((Layer(layer, "self_attn.v_proj.weight"), [config.KvDim, config.ModelDim]));
            if (config.HasQueryKeyValueBias)
            {
                tensors.Add((Layer(layer, "self_attn.q_proj.bias"), [config.QueryDim]));
                tensors.Add((Layer(layer, "self_attn.k_proj.bias"), [config.KvDim]));
                tensors.Add((Layer(layer, "self_attn.v_proj.bias"), [config.KvDim]));
            }

            tensors.Add((Layer(layer, "self_attn.o_proj.weight"), [config.ModelDim, config.QueryDim]));
            tensors.Add((Layer(layer, "post_attention_layernorm.weight"), [config.ModelDim]));
            tensors.Add((Layer(layer, "mlp.gate_proj.weight"), [config.FeedForwardDim, config.ModelDim]));
            tensors.Add((Layer(layer, "mlp.up_proj.weight"), [config.FeedForwardDim, config.ModelDim]));
            tensors.Add((Layer(layer, "mlp.down_proj.weight"), [config.ModelDim, config.FeedForwardDim]));
        }

        tensors.Add((FinalNorm, [config.ModelDim]));
        if (!config.TiedEmbeddings)
        {
            tensors.Add((Head, [config.VocabularySize, config.ModelDim]));
        }

        return tensors;
    }

    /// <summary>Refuses named shapes that do not fit a configuration.</summary>
    /// <exception cref="InvalidDataException">Tensors are missing, unexpected or of another shape; the message names all of them.</exception>
    internal static void ThrowUnlessFitting(ModelConfig config, IReadOnlyDictionary<string, IReadOnlyList<int>> shapes)
    {
        var layout = Tensors(config);
        var faults = new List<string>();
        foreach (var (name, shape) in layout)
        {
            if (!shapes.TryGetValue(name, out IReadOnlyList<int>? actual))
            {
                faults.Add($"{name} is missing, expected [{string.Join(", ", shape)}]");
            }
            else if (!actual.SequenceEqual(shape))
            {
                faults.Add($"{name} is [{string.Join(", ", actual)}], expected [{string.Join(", ", shape)}]");
            }
        }

        var expected = layout.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        faults.AddRange(shapes.Keys.Where(name => !expected.Contains(name)).Order(StringComparer.Ordinal).Select(name => $"{name} is unexpected"));
        if (faults.Count > 0)
        {
            throw new InvalidDataException($"{faults.Count} tensor(s) do not fit the configuration: {string.Join("; ", faults)}.");
        }
    }

    internal static string Layer(int layer, string part) => $"model.layers.{layer}.{part}";
}
