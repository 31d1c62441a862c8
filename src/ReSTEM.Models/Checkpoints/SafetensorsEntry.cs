namespace ReSTEM.Models;

/// <summary>One tensor of a safetensors file, as its header describes it.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Dtype">Number format: F32, F16 or BF16.</param>
/// <param name="Shape">Extents, row-major.</param>
/// <param name="Begin">First byte, counted from the start of the file.</param>
/// <param name="ByteCount">Size of the data in bytes.</param>
public sealed record SafetensorsEntry(string Name, string Dtype, IReadOnlyList<int> Shape, long Begin, long ByteCount)
{
    /// <summary>Bytes per value.</summary>
    public int ValueSize => Dtype == "F32" ? 4 : 2;

    /// <summary>Number of values.</summary>
    public int ValueCount => checked((int)(ByteCount / ValueSize));
}
