namespace ReSTEM.Models;

/// <summary>A named array of weights.</summary>
public sealed class WeightTensor
{
    /// <summary>Wraps values, without a copy.</summary>
    /// <exception cref="ArgumentException">The number of values is not the product of the shape.</exception>
    public WeightTensor(string name, IReadOnlyList<int> shape, float[] values, bool isTransposed = false)
    {
        long count = 1;
        foreach (int extent in shape)
        {
            count = checked(count * extent);
        }

        if (values.Length != count)
        {
            throw new ArgumentException(
                $"values.Length of {name} is {values.Length}, expected {count} (shape [{string.Join(", ", shape)}]).", nameof(values));
        }

        Name = name;
        Shape = shape;
        Values = values;
        IsTransposed = isTransposed;
    }

    /// <summary>Name in the safetensors file, for example <c>model.layers.0.mlp.up_proj.weight</c>.</summary>
    public string Name { get; }

    /// <summary>Extents, row-major: <c>[out, in]</c> for matrices, <c>[D]</c> for gains and biases.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The values themselves; writing here changes the weights.</summary>
    public float[] Values { get; }

    /// <summary>Whether files have it [in, out].</summary>
    public bool IsTransposed { get; }

    /// <summary>Extents in files.</summary>
    public IReadOnlyList<int> StoredShape => IsTransposed ? [Shape[1], Shape[0]] : Shape;

    /// <summary>The values in the order of files.</summary>
    public ReadOnlySpan<float> StoredValues() => IsTransposed ? Transposition.Of(Values, Shape[0], Shape[1]) : Values;

    internal static WeightTensor Zeros(TensorPlace place) => new(place.Name, place.Shape, new float[place.Length], place.IsTransposed);
}
