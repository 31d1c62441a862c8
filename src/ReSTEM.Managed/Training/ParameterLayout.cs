using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>A stretch of the parameter vector.</summary>
/// <param name="Start">First number.</param>
/// <param name="Length">Count of numbers.</param>
internal readonly record struct Stretch(int Start, int Length);

/// <summary>A tensor in the parameter vector.</summary>
/// <param name="Tensor">Which.</param>
/// <param name="Place">Where its numbers are.</param>
/// <param name="IsDecayed">False for norm gains and biases.</param>
internal sealed record Parameter(TensorPlace Tensor, Stretch Place, bool IsDecayed);

/// <summary>All weights of a model as one vector, in the order of <see cref="ModelLayout.Tensors"/>.</summary>
internal sealed class ParameterLayout
{
    private readonly Dictionary<(WeightPart, int), Stretch> _parts = [];

    internal ParameterLayout(ModelConfig config)
    {
        Config = config;
        var parameters = new List<Parameter>();
        foreach (var place in ModelLayout.Tensors(config))
        {
            var stretch = new Stretch(Length, place.Length);
            parameters.Add(new Parameter(place, stretch, place.Shape.Count > 1));
            Length = checked(Length + place.Length);

            // neighbours that the forward pass multiplies at once are one stretch
            var (part, begun) = ((place.Part, place.Layer), _parts.GetValueOrDefault((place.Part, place.Layer)));
            _parts[part] = begun.Length == 0 ? stretch : begun with { Length = begun.Length + stretch.Length };
        }

        Parameters = parameters;
    }

    internal ModelConfig Config { get; }

    internal IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Count of numbers.</summary>
    internal int Length { get; }

    /// <summary>The head: the embedding where they are tied.</summary>
    internal Stretch Head => Of(Config.TiedEmbeddings ? WeightPart.Embedding : WeightPart.Head);

    /// <summary>Where a part lies; an empty stretch where the model has no such part.</summary>
    internal Stretch Of(WeightPart part, int layer = -1) => _parts.GetValueOrDefault((part, layer));

    /// <summary>Copies a model's weights into a vector.</summary>
    internal void Read(IWeightSource weights, Span<float> values)
    {
        foreach (var (tensor, place, _) in Parameters)
        {
            weights.Read(tensor, 0, values.Slice(place.Start, place.Length));
        }
    }

    /// <summary>The vector as a model, which changes with it.</summary>
    internal IWeightSource Over(FloatBuffer values) => new Source(this, values);

    private sealed class Source(ParameterLayout layout, FloatBuffer values) : IWeightSource
    {
        private readonly Dictionary<string, Stretch> _places = layout.Parameters.ToDictionary(parameter => parameter.Tensor.Name, parameter => parameter.Place);

        public ModelConfig Config => layout.Config;

        public IReadOnlyList<TensorPlace> Places { get; } = [.. layout.Parameters.Select(parameter => parameter.Tensor)];

        public void Read(TensorPlace place, int firstRow, Span<float> rows) =>
            values.Slice(_places[place.Name].Start + (firstRow * place.RowLength), rows.Length).CopyTo(rows);
    }
}
