using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>One row of a JSONL file.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Line">From 1.</param>
/// <param name="Value">The object.</param>
internal sealed record JsonRow(string File, int Line, JsonElement Value)
{
    /// <summary><c>file:line</c>.</summary>
    internal string Place => $"{File}:{Line}";

    /// <summary>A text field, or null when the row has none.</summary>
    /// <exception cref="InvalidDataException">The field is not a text.</exception>
    internal string? Text(string name) => !Value.TryGetProperty(name, out JsonElement field) || field.ValueKind is JsonValueKind.Null
        ? null
        : field.ValueKind is JsonValueKind.String
            ? Valid(name, field)
            : throw new InvalidDataException($"{Place}: {name} is {field.ValueKind}, expected a text.");

    private string Valid(string name, JsonElement field)
    {
        try
        {
            return field.GetString()!;
        }
        catch (InvalidOperationException) // an escape such as \ud800 that is half a character
        {
            throw new InvalidDataException($"{Place}: {name} is not valid text, expected valid Unicode.");
        }
    }

    /// <summary>A list of whole numbers, or null when the row has none.</summary>
    /// <exception cref="InvalidDataException">The field is anything else.</exception>
    internal int[]? Integers(string name)
    {
        if (!Value.TryGetProperty(name, out JsonElement field) || field.ValueKind is JsonValueKind.Null)
        {
            return null;
        }

        if (field.ValueKind is not JsonValueKind.Array)
        {
            throw new InvalidDataException($"{Place}: {name} is {field.ValueKind}, expected a list of whole numbers.");
        }

        return [.. field.EnumerateArray().Select(item => item.ValueKind is JsonValueKind.Number && item.TryGetInt32(out int number)
            ? number
            : throw new InvalidDataException($"{Place}: {name} holds {item.GetRawText()}, expected whole numbers."))];
    }
}

/// <summary>Reads and writes JSONL files, plain or <c>.gz</c>.</summary>
internal static class JsonLines
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>How rows are written: readable text, as little escaping as JSON allows.</summary>
    internal static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>All rows; empty lines are passed over. Lines end with LF only.</summary>
    /// <exception cref="InvalidDataException">A line is not a JSON object, or the file is not UTF-8 or not gzip.</exception>
    internal static IEnumerable<JsonRow> Read(string path) =>
        Lines(path).Select(line => new JsonRow(path, line.Line, Parse($"{path}:{line.Line}", line.Text)));

    /// <summary>What becomes of every row: of a line that is no JSON object, and of a row that cannot be read, the message.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Makes something of a row, or throws <see cref="InvalidDataException"/>.</param>
    /// <param name="failed">Makes something of a line that is bad: its number, its row where there is one, the message.</param>
    /// <exception cref="InvalidDataException">The file is missing, not UTF-8 or not gzip.</exception>
    internal static IEnumerable<T> ReadEach<T>(string path, Func<JsonRow, T> read, Func<int, JsonRow?, string, T> failed)
    {
        foreach (var (line, text) in Lines(path))
        {
            JsonRow? row = null;
            T result;
            try
            {
                row = new JsonRow(path, line, Parse($"{path}:{line}", text));
                result = read(row);
            }
            catch (InvalidDataException bad)
            {
                result = failed(line, row, bad.Message);
            }

            yield return result;
        }
    }

    private static IEnumerable<(int Line, string Text)> Lines(string path) =>
        ReadText(path).Split('\n').Select((text, index) => (index + 1, text)).Where(line => !string.IsNullOrWhiteSpace(line.text));

    private static JsonElement Parse(string place, string line)
    {
        try
        {
            using var document = Parse(line);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new InvalidDataException($"{place}: the line is {document.RootElement.ValueKind}, expected a JSON object.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{place}: not valid JSON at byte {fault.BytePositionInLine + 1}, expected one object a line.");
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

    private static string ReadText(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"{path} does not exist, expected a JSONL file.");
        }

        try
        {
            using Stream file = File.OpenRead(path);
            using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var reader = new StreamReader(stream, StrictUtf8);
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException fault)
        {
            throw new InvalidDataException($"{path} is not UTF-8 (around byte {fault.Index}), expected a JSONL file in UTF-8.");
        }
    }
}
