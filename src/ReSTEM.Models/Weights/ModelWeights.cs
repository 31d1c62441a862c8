namespace ReSTEM.Models;

/// <summary>All weights of a model, each with the shape that its configuration calls for.</summary>
public sealed class ModelWeights
{
    private readonly Dictionary<string, WeightTensor> _byName;

    /// <summary>Takes the tensors, without a copy.</summary>
    /// <exception cref="InvalidDataException">Tensors are missing, unexpected or of another shape; the message names all of them.</exception>
    public ModelWeights(ModelConfig config, IEnumerable<WeightTensor> tensors)
    {
        Config = config;
        _byName = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (WeightTensor tensor in tensors)
        {
            if (!_byName.TryAdd(tensor.Name, tensor))
            {
                throw new InvalidDataException($"tensor {tensor.Name} appears twice, expected once.");
            }
        }

        ModelLayout.ThrowUnlessFitting(config, _byName.ToDictionary(entry => entry.Key, entry => entry.Value.Shape, StringComparer.Ordinal));
        Tensors = [.. ModelLayout.Tensors(config).Select(entry => _byName[entry.Name])];
        Layers = [.. Enumerable.Range(0, config.LayerCount).Select(LayerAt)];
    }

    /// <summary>Shapes and constants.</summary>
    public ModelConfig Config { get; }

    /// <summary>Every stored tensor in the order of <see cref="ModelLayout.Tensors"/>; a tied head is not among them.</summary>
    public IReadOnlyList<WeightTensor> Tensors { get; }

    /// <summary>The decoder layers in order.</summary>
    public IReadOnlyList<LayerWeights> Layers { get; }

    /// <summary>Token embedding, [V, D].</summary>
    public WeightTensor Embedding => _byName[ModelLayout.Embedding];

    /// <summary>Gain before the LM head, [D].</summary>
    public WeightTensor FinalNorm => _byName[ModelLayout.FinalNorm];

    /// <summary>LM head, [V, D]: the same object as <see cref="Embedding"/> where they are tied.</summary>
    public WeightTensor Head => Config.TiedEmbeddings ? Embedding : _byName[ModelLayout.Head];

    /// <summary>Weights that are all zero, to be filled.</summary>
    public static ModelWeights Zeros(ModelConfig config) => new(
        config,
        ModelLayout.Tensors(config).Select(entry => new WeightTensor(
            entry.Name, entry.Shape, new float[entry.Shape.Aggregate(1, (product, extent) => checked(product * extent))])));

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="KeyNotFoundException">The model has no such tensor.</exception>
    public WeightTensor this[string name] => _byName[name];

    private LayerWeights LayerAt(int layer)
    {
        WeightTensor Part(string name) => _byName[ModelLayout.Layer(layer, name)];
        WeightTensor? Bias(string name) => Config.HasQueryKeyValueBias ? Part(name) : null;
        return new LayerWeights(
            AttentionNorm: Part("input_layernorm.weight"),
            Query: Part("self_attn.q_proj.weight"),
            Key: Part("self_attn.k_proj.weight"),
            Value: Part("self_attn.v_proj.weight"),
            QueryBias: Bias("self_attn.q_proj.bias"),
            KeyBias: Bias("self_attn.k_proj.bias"),
            ValueBias: Bias("self_attn.v_proj.bias"),
            Output: Part("self_attn.o_proj.weight"),
            FeedForwardNorm: Part("post_attention_layernorm.weight"),
            Gate: Part("mlp.gate_proj.weight"),
            Up: Part("mlp.up_proj.weight"),
            Down: Part("mlp.down_proj.weight"));
    }
}
