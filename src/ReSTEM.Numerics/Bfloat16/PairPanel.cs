namespace ReSTEM.Numerics;

/// <summary>Runs tiles of pairs down the rows of one panel.</summary>
internal static unsafe class PairPanel
{
    /// <param name="kernel">Multiplies.</param>
    /// <param name="tile">Everything but <see cref="PairTile.Rows"/>, for row 0.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="validColumns">Columns beyond this are neither read from the starts nor written to C.</param>
    internal static void Run(IPairKernel kernel, PairTile tile, int rows, int validColumns)
    {
        bool isWhole = validColumns == tile.Vectors * Tile.VectorWidth;
        nint next = tile.Ahead;
        for (int row = 0; row < rows; row += Tile.MaxRows)
        {
            tile.Rows = Math.Min(Tile.MaxRows, rows - row);
            tile.Ahead = Panel.Ahead(next, row, rows, tile.Vectors) * sizeof(uint);
            if (isWhole)
            {
                kernel.Run(tile);
            }
            else
            {
                RunEdge(kernel, tile, validColumns);
            }

            tile.A += Tile.MaxRows * tile.ARow;
            tile.C += Tile.MaxRows * tile.CRow;
            tile.Initial += Tile.MaxRows * tile.InitialRow;
        }
    }

    /// <summary>By way of a whole tile of sums, so that nothing beyond the valid columns is read or written.</summary>
    private static void RunEdge(IPairKernel kernel, PairTile tile, int validColumns)
    {
        const int SumsRow = Tile.MaxWidth * sizeof(float);
        float* sums = stackalloc float[Tile.MaxRows * Tile.MaxWidth];
        int bytes = validColumns * sizeof(float);
        for (int row = 0; row < tile.Rows; row++)
        {
            Buffer.MemoryCopy(tile.Initial + (row * tile.InitialRow), (byte*)sums + (row * SumsRow), bytes, bytes);
        }

        byte* c = tile.C;
        nint cRow = tile.CRow;
        tile.Initial = tile.C = (byte*)sums;
        tile.InitialRow = tile.CRow = SumsRow;
        kernel.Run(tile);
        for (int row = 0; row < tile.Rows; row++)
        {
            Buffer.MemoryCopy((byte*)sums + (row * SumsRow), c + (row * cRow), bytes, bytes);
        }
    }
}
