namespace ReSTEM.Models;

/// <summary>A stored tensor and its place in the decoder.</summary>
/// <param name="Name">In the safetensors file, for example <c>model.layers.0.mlp.up_proj.weight</c>.</param>
/// <param name="Part">The part that it is, or whose rows it holds some of.</param>
/// <param name="Layer">From 0; -1 outside the layers.</param>
/// <param name="Shape">Extents as the decoder has it, [out, in] for matrices.</param>
/// <param name="IsTransposed">Whether the file has it [in, out].</param>
public sealed record TensorPlace(string Name, WeightPart Part, int Layer, IReadOnlyList<int> Shape, bool IsTransposed)
{
    /// <summary>Extents in the file.</summary>
    public IReadOnlyList<int> StoredShape => IsTransposed ? [Shape[1], Shape[0]] : Shape;

    /// <summary>Count of rows; a vector is one row.</summary>
    public int Rows => Shape.Count == 1 ? 1 : Shape[0];

    /// <summary>Numbers of a row.</summary>
    public int RowLength => Shape[^1];

    /// <summary>Count of numbers.</summary>
    /// <exception cref="OverflowException">There are more than an array holds.</exception>
    public int Length => checked(Rows * RowLength);
}
