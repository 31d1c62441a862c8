namespace ReSTEM.Numerics;

/// <summary>
/// How the columns of a matrix are cut into panels of 48, the rest into one or two of 32, so that no tile has fewer than
/// two registers per row. Columns beyond the last are padding.
/// </summary>
internal readonly struct PanelShape
{
    private const int NarrowVectors = 2;
    private readonly int _widePanels;

    internal PanelShape(int columns)
    {
        Columns = columns;
        int vectors = Math.Max(NarrowVectors, (columns + Tile.VectorWidth - 1) / Tile.VectorWidth);
        int narrowPanels = (Tile.MaxVectors - vectors % Tile.MaxVectors) % Tile.MaxVectors;
        _widePanels = (vectors - narrowPanels * NarrowVectors) / Tile.MaxVectors;

        Count = _widePanels + narrowPanels;
        PaddedColumns = vectors * Tile.VectorWidth;
    }

    internal int Columns { get; }

    internal int PaddedColumns { get; }

    /// <summary>Count of panels.</summary>
    internal int Count { get; }

    /// <summary>First column of a panel; times the depth, also where it begins in packed memory.</summary>
    internal int Start(int panel) => Tile.VectorWidth * (panel <= _widePanels
        ? panel * Tile.MaxVectors
        : _widePanels * Tile.MaxVectors + (panel - _widePanels) * NarrowVectors);

    /// <summary>The panel of a column, and the column's place in it.</summary>
    internal (int Panel, int Column) Place(int column)
    {
        int wide = _widePanels * Tile.MaxVectors * Tile.VectorWidth;
        int width = Tile.VectorWidth * (column < wide ? Tile.MaxVectors : NarrowVectors), from = column < wide ? 0 : wide;
        return ((column < wide ? 0 : _widePanels) + ((column - from) / width), (column - from) % width);
    }

    /// <summary>Registers per row: 3 or 2.</summary>
    internal int Vectors(int panel) => panel < _widePanels ? Tile.MaxVectors : NarrowVectors;

    /// <summary>Columns of a panel that are not padding.</summary>
    internal int ValidColumns(int panel) =>
        Math.Clamp(Columns - Start(panel), 0, Vectors(panel) * Tile.VectorWidth);
}
