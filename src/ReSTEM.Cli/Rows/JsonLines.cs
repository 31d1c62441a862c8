using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>A JSONL file, one object a line, plain or gzip, or standard input. Lines end with LF only; empty ones are passed over.</summary>
internal sealed class JsonLines
{
    private const int Shown = 40;

    /// <summary>How rows are written: readable text, as little escaping as JSON allows.</summary>
    internal static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private readonly List<(int Line, string Text)> _lines;
    private readonly string _name;

    private JsonLines(string name, List<(int Line, string Text)> lines) => (_name, _lines) = (name, lines);

    /// <summary>How many rows there are.</summary>
    internal int Count => _lines.Count;

    /// <summary>What the file is called in messages.</summary>
    internal string Name => _name;

    /// <summary>Reads a file whole.</summary>
    /// <param name="option">Names it in messages, for example <c>--input</c>.</param>
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <exception cref="UsageException">There is no such file, or it cannot be read, or it is of another kind.</exception>
    internal static JsonLines Read(string option, string path)
    {
        string text = InputText.Read(option, path);
        return new JsonLines(
            InputText.NameOf(path),
            [.. text.Split('\n').Select((line, index) => (index + 1, line)).Where(line => !string.IsNullOrWhiteSpace(line.line))]);
    }

    /// <summary>All rows.</summary>
    /// <exception cref="InvalidDataException">A line is not a JSON object.</exception>
    internal IEnumerable<JsonRow> Rows() => _lines.Select(line => RowOf(_name, line.Line, line.Text));

    /// <summary>What becomes of every row: of a line that is no JSON object, and of a row that cannot be read, the message.</summary>
    /// <param name="read">Makes something of a row, or throws <see cref="InvalidDataException"/>.</param>
    /// <param name="failed">Makes something of a line that is bad: its row where there is one, the message.</param>
    internal IEnumerable<T> Each<T>(Func<JsonRow, T> read, Func<JsonRow?, string, T> failed)
    {
        foreach (var (line, text) in _lines)
        {
            JsonRow? row = null;
            T result;
            try
            {
                row = RowOf(_name, line, text);
                result = read(row);
            }
            catch (InvalidDataException bad)
            {
                result = failed(row, bad.Message);
            }

            yield return result;
        }
    }

    /// <summary>One row of a text that is no file.</summary>
    /// <param name="name">What the text is called in messages.</param>
    /// <param name="line">From 1.</param>
    /// <param name="text">The line.</param>
    /// <exception cref="InvalidDataException">It is not a JSON object.</exception>
    internal static JsonRow RowOf(string name, int line, string text)
    {
        try
        {
            using var document = Parse(text);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? new JsonRow(name, line, document.RootElement.Clone())
                : throw new InvalidDataException($"{name}:{line}: the line is {JsonRow.Describe(document.RootElement)}, expected a JSON object.");
        }
        catch (JsonException fault)
        {
            string begin = text.Trim() is { Length: > Shown } whole ? whole[..Shown] + "..." : text.Trim();
            throw new InvalidDataException($"{name}:{line}: not valid JSON at byte {fault.BytePositionInLine + 1} of '{begin}', expected one JSON object a line.");
        }
    }

    private static JsonDocument Parse(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException) when (PythonNumbers.Mended(Encoding.UTF8.GetBytes(line)) is { } mended)
        {
            return JsonDocument.Parse(mended);
        }
    }
}
