using System.Text;
using System.Text.Json;
using ReSTEM.Tables;

namespace ReSTEM.Runs;

/// <summary>Rows of tables as rows of a data file: each column a field. An empty cell of CSV is a field that is not there.</summary>
internal static class TableRows
{
    private static readonly string[] CsvNames = [".csv", ".tsv"];

    /// <summary>Whether the name of the file says CSV, and the content does not say JSON.</summary>
    internal static bool IsCsv(string path, ReadOnlySpan<byte> bytes) =>
        CsvNames.Contains(Path.GetExtension(DataNames.WithoutPacking(path)), StringComparer.OrdinalIgnoreCase)
        && bytes.TrimStart(" \t\r\n"u8) is not [(byte)'{' or (byte)'[', ..];

    /// <exception cref="InvalidDataException">The file is not UTF-8, or has no header that names its columns.</exception>
    internal static IEnumerable<DataLine> OfCsv(string path, byte[] bytes)
    {
        if (JsonText.FirstNotUtf8(bytes) is { } at)
        {
            throw new InvalidDataException(
                $"{path}:{JsonText.LineOf(bytes, at)}: byte {at + 1} of the file is not UTF-8, expected UTF-8 text; save the table as CSV UTF-8.");
        }

        int index = 0;
        foreach (CsvRecord record in CsvTable.Read(path, Encoding.UTF8.GetString(bytes)))
        {
            yield return record.Fault.Length > 0
                ? new DataLine(null, record.Fault)
                : new DataLine(new DataRow(path, record.Line, index, Object(record)), "");
            index++;
        }
    }

    /// <exception cref="InvalidDataException">The file is damaged, or has columns of a kind that is not read.</exception>
    internal static IEnumerable<DataLine> OfParquet(string path, byte[] bytes) => ParquetTable.Read(path, bytes)
        .Select((row, index) => new DataLine(new DataRow(path, 0, index, JsonText.Parse(row)), ""));

    private static JsonElement Object(CsvRecord record)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var (name, value) in record.Values.Where(cell => cell.Value.Length > 0))
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        return JsonText.Parse(stream.ToArray());
    }
}
