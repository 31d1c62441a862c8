using ReSTEM.Models;

namespace ReSTEM.Onnx;

/// <summary>
/// The weights as initialisers: ranges of the model's own files wherever their numbers can be used as they are, else held in memory. Matrices keep
/// the orientation in which they are stored.
/// </summary>
/// <param name="graph">Where they are added, each once.</param>
/// <param name="source">The weights.</param>
/// <param name="type">Of activations.</param>
/// <param name="held">For those that lie in no file.</param>
internal sealed class GraphWeights(GraphBuilder graph, IWeightSource source, OnnxType type, HeldTensors held)
{
    private readonly Dictionary<string, GraphTensor> _known = new(StringComparer.Ordinal);

    internal ModelConfig Config => source.Config;

    /// <summary>Type of activations.</summary>
    internal OnnxType Type => type;

    /// <summary>The tensors of a part; none where the model has no such part.</summary>
    internal IReadOnlyList<TensorPlace> Of(WeightPart part, int layer = -1) => source.Of(part, layer);

    /// <summary>A tensor as it is stored.</summary>
    internal GraphTensor Stored(TensorPlace place)
    {
        if (!_known.TryGetValue(place.Name, out var known))
        {
            _known[place.Name] = known = source.Find(place) is { } stored ? InFile(place, stored) : InMemory(place);
        }

        return known;
    }

    /// <summary>A tensor in the type of activations.</summary>
    internal string Value(TensorPlace place)
    {
        var tensor = Stored(place);
        return Cast(tensor.Name, tensor.Type, type);
    }

    /// <summary>A vector in float32.</summary>
    internal string Wide(TensorPlace place)
    {
        var tensor = Stored(place);
        return Cast(tensor.Name, tensor.Type, OnnxType.Float);
    }

    /// <summary>A value in another type; what is stored is cast once, when the session is made.</summary>
    internal string Cast(string value, OnnxType from, OnnxType to) =>
        from == to ? value : graph.Node("Cast", [value], NodeAttribute.Of("to", (long)to));

    /// <summary>All rows of a tensor.</summary>
    internal float[] Read(TensorPlace place)
    {
        float[] values = new float[place.Length];
        source.Read(place, 0, values);
        return values;
    }

    private GraphTensor InFile(TensorPlace place, StoredTensor stored)
    {
        var (entry, storedType) = (stored.Entry, OnnxTypes.Stored(stored.Entry.Dtype));
        var range = new FileRange(RealPath(stored.Path), entry.Begin, entry.ByteCount);
        return new GraphTensor(graph.Stored(place.Name, storedType, place.StoredShape, range), storedType, place.IsTransposed);
    }

    private GraphTensor InMemory(TensorPlace place)
    {
        source.Read(place, 0, held.Add<float>(graph, place.Name, OnnxType.Float, [.. place.Shape.Select(static extent => (long)extent)]));
        return new GraphTensor(place.Name, OnnxType.Float, IsTransposed: false);
    }

    /// <summary>A file that a link names, as model hubs keep their folders.</summary>
    private static string RealPath(string path) =>
        Path.GetFullPath(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
}

/// <summary>A tensor of the graph.</summary>
/// <param name="Name">Of the value.</param>
/// <param name="Type">Of its numbers.</param>
/// <param name="IsTransposed">Whether it is [in, out].</param>
internal readonly record struct GraphTensor(string Name, OnnxType Type, bool IsTransposed);
