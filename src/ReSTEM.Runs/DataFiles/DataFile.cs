using System.Text.Json;

namespace ReSTEM.Runs;

/// <summary>A line of a data file.</summary>
/// <param name="Row">The object in it; null when there is none.</param>
/// <param name="Fault">Then why.</param>
internal readonly record struct DataLine(DataRow? Row, string Fault);

/// <summary>
/// The rows of a data file, gzip or not: JSONL, a JSON array, CSV or Parquet, told from its content, CSV from its name. JSONL is cut
/// into lines at line feeds alone: texts may hold other Unicode line breaks.
/// </summary>
internal sealed class DataFile
{
    private readonly string _path;
    private readonly byte[] _bytes;
    private IReadOnlyList<DataLine>? _table;

    private DataFile(string path, byte[] bytes)
    {
        _path = path;
        _bytes = bytes;
    }

    /// <exception cref="InvalidDataException">There is no such file, or it is damaged or of a kind that holds no rows.</exception>
    internal static DataFile Read(string path) => new(path, FileBytes.Read(path));

    /// <summary>The whole file as one JSON object; null when it is not one, and then why.</summary>
    internal DataRow? WholeObject(out string fault)
    {
        fault = "";
        if (JsonText.FirstNotUtf8(_bytes) is { } at)
        {
            fault = $"{_path}:{JsonText.LineOf(_bytes, at)}: byte {at + 1} of the file is not UTF-8, expected UTF-8 text.";
            return null;
        }

        try
        {
            JsonElement element = JsonText.ParseExactly(_bytes);
            if (element.ValueKind == JsonValueKind.Object)
            {
                return new DataRow(_path, 1, 0, element);
            }

            fault = $"{_path}:1: the file is {DataRow.Shorten(element.GetRawText())}, expected one JSON object.";
        }
        catch (JsonException exception)
        {
            fault = $"{_path}:{(exception.LineNumber ?? 0) + 1}: {JsonText.Describe(exception, "the line")}, expected one JSON object in the file.";
        }

        return null;
    }

    /// <summary>All rows.</summary>
    /// <exception cref="InvalidDataException">A row is not UTF-8, not JSON or not an object.</exception>
    internal IEnumerable<DataRow> Rows() => Lines().Select(line => line.Row ?? throw new InvalidDataException(line.Fault));

    /// <summary>Each row, or why there is none; blank lines are passed over.</summary>
    /// <exception cref="InvalidDataException">The file as a whole cannot be read as what it is.</exception>
    internal IEnumerable<DataLine> Lines() =>
        FileBytes.IsParquet(_bytes) ? _table ??= [.. TableRows.OfParquet(_path, _bytes)]
        : TableRows.IsCsv(_path, _bytes) ? TableRows.OfCsv(_path, _bytes)
        : ArrayRows.Recognises(_bytes) ? ArrayRows.Lines(_path, _bytes)
        : JsonLines();

    private IEnumerable<DataLine> JsonLines()
    {
        int line = 0;
        int index = 0;
        for (int start = 0; start < _bytes.Length;)
        {
            line++;
            int length = _bytes.AsSpan(start).IndexOf((byte)'\n');
            length = length < 0 ? _bytes.Length - start : length;
            ReadOnlyMemory<byte> text = _bytes.AsMemory(start, length);
            start += length + 1;
            if (!text.Span.Trim(" \t\r"u8).IsEmpty)
            {
                JsonElement? row = JsonText.Object(text, $"{_path}:{line}", "the line", Layout(index), out string fault);
                yield return new DataLine(row is { } element ? new DataRow(_path, line, index, element) : null, fault);
                index++;
            }
        }
    }

    // A table is only told by its name: a text of problems may hold anything.
    private string Layout(int index) => index > 0 || _bytes.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', ..]
        ? "one JSON object a line"
        : "one JSON object a line; a table with a header line is read as CSV when its name ends in .csv or .tsv";
}
