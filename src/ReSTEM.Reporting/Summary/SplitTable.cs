using Spectre.Console;

namespace ReSTEM.Reporting;

/// <summary>A cell of a table: a text, and in faint after or below it what belongs to it.</summary>
/// <param name="Text">The text.</param>
/// <param name="Style">Its style.</param>
/// <param name="Faint">What belongs to it; may begin with a line break.</param>
internal readonly record struct Cell(string Text, Style Style, string Faint = "")
{
    /// <summary>Characters of its longest line.</summary>
    internal int Width => (Text + Faint).Split('\n').Max(line => line.Length);
}

/// <summary>A table that becomes several, one below the other, where the console is too narrow for all its columns; the first column is in each.</summary>
/// <param name="console">Where it is printed.</param>
internal sealed class SplitTable(IAnsiConsole console)
{
    private const int AroundColumn = 3; // borders and padding
    private const int LeastOfFirst = 8;
    private static readonly Style Faint = new(decoration: Decoration.Dim);

    private readonly List<(string Name, IReadOnlyList<Cell> Cells)> _columns = [];

    /// <summary>Adds a column; all have as many cells.</summary>
    internal void Add(string name, IEnumerable<Cell> cells) => _columns.Add((name, [.. cells]));

    /// <summary>Prints it.</summary>
    internal void Write()
    {
        int room = console.Profile.Width - 1;
        int first = Math.Min(WidthOf(_columns[0]), Math.Max(LeastOfFirst, (room * 2 / 5) - AroundColumn));
        var part = new List<(string Name, IReadOnlyList<Cell> Cells)>();
        int used = first + AroundColumn;
        foreach (var column in _columns.Skip(1))
        {
            int width = WidthOf(column) + AroundColumn;
            if (part.Count > 0 && used + width > room)
            {
                WritePart(first, part);
                part.Clear();
                used = first + AroundColumn;
            }

            part.Add(column);
            used += width;
        }

        WritePart(first, part);
    }

    private static int WidthOf((string Name, IReadOnlyList<Cell> Cells) column) =>
        column.Cells.Select(cell => cell.Width).Append(column.Name.Length).Max();

    private void WritePart(int first, List<(string Name, IReadOnlyList<Cell> Cells)> columns)
    {
        var table = new Table { Border = console.Profile.Capabilities.Unicode ? TableBorder.Simple : TableBorder.Markdown };
        table.AddColumn(new TableColumn(new Text(_columns[0].Name, Faint)) { Alignment = Justify.Left, Width = first });
        foreach (var (name, _) in columns)
        {
            table.AddColumn(new TableColumn(new Text(name, Faint)) { Alignment = Justify.Right, NoWrap = true });
        }

        for (int row = 0; row < _columns[0].Cells.Count; row++)
        {
            table.AddRow([Rendered(_columns[0].Cells[row]), .. columns.Select(column => Rendered(column.Cells[row]))]);
        }

        console.Write(table);
    }

    private static Paragraph Rendered(Cell cell) => new Paragraph(cell.Text, cell.Style).Append(cell.Faint, Faint);
}
