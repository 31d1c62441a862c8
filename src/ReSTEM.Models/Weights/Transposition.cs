namespace ReSTEM.Models;

/// <summary>A matrix with rows and columns exchanged.</summary>
internal static class Transposition
{
    /// <param name="values">Shape [rows, columns].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <returns>Shape [columns, rows].</returns>
    internal static float[] Of(ReadOnlySpan<float> values, int rows, int columns)
    {
        float[] result = new float[values.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                result[(column * rows) + row] = values[(row * columns) + column];
            }
        }

        return result;
    }
}
