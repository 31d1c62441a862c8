namespace ReSTEM.Models;

/// <summary>Weights that are read in rows: from a checkpoint, which is then never held as a whole, or from memory.</summary>
public interface IWeightSource
{
    /// <summary>Shapes and constants.</summary>
    ModelConfig Config { get; }

    /// <summary>Every stored tensor in the order of <see cref="ModelLayout.Tensors"/>; a tied head is not among them.</summary>
    IReadOnlyList<TensorPlace> Places { get; }

    /// <summary>Copies whole rows of a tensor.</summary>
    /// <param name="place">One of <see cref="Places"/>.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">Shape [count, RowLength].</param>
    /// <exception cref="InvalidDataException">The file is damaged, or a number is not finite.</exception>
    void Read(TensorPlace place, int firstRow, Span<float> rows);

    /// <summary>Where the numbers of a tensor lie in a file just as they are read; null where they are made or held in memory.</summary>
    /// <param name="place">One of <see cref="Places"/>.</param>
    StoredTensor? Find(TensorPlace place) => null;
}

/// <summary>A tensor in a safetensors file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Entry">Where in it, and in which numbers.</param>
public sealed record StoredTensor(string Path, SafetensorsEntry Entry);

/// <summary>Tensors by the part that they are.</summary>
public static class WeightSource
{
    /// <summary>The tensors that make up a part, in the order of their rows; none where the model has no such part.</summary>
    public static IReadOnlyList<TensorPlace> Of(this IWeightSource weights, WeightPart part, int layer = -1) =>
        [.. weights.Places.Where(place => place.Part == part && place.Layer == layer)];

    /// <summary>The numbers of a part that is a vector or small, stacked; empty where the model has no such part.</summary>
    public static float[] Values(this IWeightSource weights, WeightPart part, int layer = -1)
    {
        var places = weights.Of(part, layer);
        float[] values = new float[places.Sum(place => place.Length)];
        int end = 0;
        foreach (var place in places)
        {
            weights.Read(place, 0, values.AsSpan(end, place.Length));
            end += place.Length;
        }

        return values;
    }
}
