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

    /// <summary>By way of a whole tile of results, so that nothing beyond the valid columns is read or written.</summary>
    private static void RunEdge(IPairKernel kernel, in PairTile tile, int validColumns)
    {
        const int Row = Tile.MaxWidth * sizeof(float);
        byte* results = stackalloc byte[Tile.MaxRows * Row];
        var whole = tile;
        whole.Initial = whole.C = results;
        whole.InitialRow = whole.CRow = Row;
        Panel.CopyRows(tile.Initial, tile.InitialRow, results, Row, tile.Rows, validColumns);
        kernel.Run(whole);
        Panel.CopyRows(results, Row, tile.C, tile.CRow, tile.Rows, validColumns);
    }
}
