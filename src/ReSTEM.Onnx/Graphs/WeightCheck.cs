using ReSTEM.Models;

namespace ReSTEM.Onnx;

/// <summary>Weights that the library reads from files by itself are read here before, so that damaged ones are refused as every engine refuses them.</summary>
internal static class WeightCheck
{
    private const int Numbers = 1 << 20;

    /// <summary>Reads all of them.</summary>
    /// <exception cref="InvalidDataException">A file is damaged, or a number is not finite.</exception>
    internal static void ThrowUnlessFinite(IWeightSource weights)
    {
        float[] buffer = [];
        foreach (var place in weights.Places)
        {
            int rows = Math.Clamp(Numbers / place.RowLength, 1, place.Rows);
            buffer = buffer.Length < rows * place.RowLength ? new float[rows * place.RowLength] : buffer;
            for (int row = 0; row < place.Rows; row += rows)
            {
                weights.Read(place, row, buffer.AsSpan(0, Math.Min(rows, place.Rows - row) * place.RowLength));
            }
        }
    }
}
