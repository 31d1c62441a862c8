namespace ReSTEM.Models;

/// <summary>All weights of a model in memory, each with the shape that its configuration calls for.</summary>
public sealed class ModelWeights : IWeightSource
{
    private readonly Dictionary<string, WeightTensor> _byName;

    /// <summary>Takes the tensors, without a copy.</summary>
    /// <param name="config">Shapes.</param>
    /// <param name="tensors">In the decoder's orientation, [out, in] for matrices.</param>
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

        ModelLayout.ThrowUnlessFitting(config, _byName.ToDictionary(entry => entry.Key, entry => entry.Value.StoredShape, StringComparer.Ordinal));
        Places = ModelLayout.Tensors(config);
        Tensors = [.. Places.Select(place => _byName[place.Name])];
    }

    /// <inheritdoc/>
    public ModelConfig Config { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorPlace> Places { get; }

    /// <summary>Every stored tensor in the order of <see cref="Places"/>.</summary>
    public IReadOnlyList<WeightTensor> Tensors { get; }

    /// <summary>Weights that are all zero, to be filled.</summary>
    public static ModelWeights Zeros(ModelConfig config) => new(config, ModelLayout.Tensors(config).Select(WeightTensor.Zeros));

    /// <summary>A copy in memory of weights from anywhere.</summary>
    /// <exception cref="InvalidDataException">The source is damaged, or a number is not finite.</exception>
    public static ModelWeights Copy(IWeightSource source)
    {
        var weights = Zeros(source.Config);
        foreach (var (place, tensor) in weights.Places.Zip(weights.Tensors))
        {
            source.Read(place, 0, tensor.Values);
        }

        return weights;
    }

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="KeyNotFoundException">The model has no such tensor.</exception>
    public WeightTensor this[string name] => _byName[name];

    /// <summary>The tensors that make up a part, in the order of their rows.</summary>
    public IReadOnlyList<WeightTensor> Part(WeightPart part, int layer = -1) => [.. this.Of(part, layer).Select(place => _byName[place.Name])];

    /// <inheritdoc/>
    public void Read(TensorPlace place, int firstRow, Span<float> rows) =>
        _byName[place.Name].Values.AsSpan(firstRow * place.RowLength, rows.Length).CopyTo(rows);
}
