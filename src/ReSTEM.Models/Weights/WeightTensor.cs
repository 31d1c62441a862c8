namespace ReSTEM.Models;

/// <summary>A named array of weights.</summary>
public sealed class WeightTensor
{
    /// <summary>Wraps values, without a copy.</summary>
    /// <exception cref="ArgumentException">The number of values is not the product of the shape.</exception>
    public WeightTensor(string name, IReadOnlyList<int> shape, float[] values)
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
    }

    /// <summary>Name in the safetensors file, for example <c>model.layers.0.mlp.up_proj.weight</c>.</summary>
    public string Name { get; }

    /// <summary>Extents, row-major: <c>[out, in]</c> for matrices, <c>[D]</c> for gains and biases.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The values themselves; writing here changes the weights.</summary>
    public float[] Values { get; }
}
