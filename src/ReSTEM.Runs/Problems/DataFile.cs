using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace ReSTEM.Runs;

/// <summary>A line of a data file.</summary>
/// <param name="Row">The object in it; null when there is none.</param>
/// <param name="Fault">Then why.</param>
internal readonly record struct DataLine(DataRow? Row, string Fault);

/// <summary>The text of a data file, gzip or not, cut into lines at line feeds alone: texts may hold other Unicode line breaks.</summary>
internal sealed class DataFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonDocumentOptions Json = new() { AllowDuplicateProperties = false };

    private readonly string _path;
    private readonly byte[] _bytes;

    private DataFile(string path, byte[] bytes)
    {
        _path = path;
        _bytes = bytes;
    }

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is a damaged gzip file.</exception>
    internal static DataFile Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes is [0x1F, 0x8B, ..])
        {
            bytes = Unpack(path, bytes);
        }

        ReadOnlySpan<byte> mark = Encoding.UTF8.Preamble;
        return new DataFile(path, bytes.AsSpan().StartsWith(mark) ? bytes[mark.Length..] : bytes);
    }

    /// <summary>The whole file as one JSON object; null when it is not one, and then why.</summary>
    internal DataRow? WholeObject(out string fault)
    {
        fault = "";
        try
        {
            Strict.GetCharCount(_bytes);
            using JsonDocument document = JsonDocument.Parse(_bytes, Json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new DataRow(_path, 1, 0, document.RootElement.Clone());
            }

            fault = $"{_path}:1: the file is {DataRow.Shorten(document.RootElement.GetRawText())}, expected one JSON object.";
        }
        catch (DecoderFallbackException exception)
        {
            int line = 1 + _bytes.AsSpan(0, Math.Max(0, exception.Index)).Count((byte)'\n');
            fault = $"{_path}:{line}: byte {exception.Index + 1} of the file is not UTF-8, expected UTF-8 text.";
        }
        catch (JsonException exception)
        {
            fault = $"{_path}:{(exception.LineNumber ?? 0) + 1}: {Describe(exception)}, expected one JSON object in the file.";
        }

        return null;
    }

    /// <summary>One JSON object a line; blank lines are passed over.</summary>
    /// <exception cref="InvalidDataException">A line is not UTF-8, not JSON or not an object.</exception>
    internal IEnumerable<DataRow> Rows() => Lines().Select(line => line.Row ?? throw new InvalidDataException(line.Fault));

    /// <summary>One line of the file each, with the row in it or why there is none; blank lines are passed over.</summary>
    internal IEnumerable<DataLine> Lines()
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
                string fault = "";
                JsonElement? row = ParseObject(text, line, ref fault);
                yield return new DataLine(row is { } element ? new DataRow(_path, line, index, element) : null, fault);
                index++;
            }
        }
    }

    private JsonElement? ParseObject(ReadOnlyMemory<byte> text, int line, ref string fault)
    {
        try
        {
            Strict.GetCharCount(text.Span);
            JsonElement element = Parse(text);
            if (element.ValueKind == JsonValueKind.Object)
            {
                return element;
            }

            fault = $"{_path}:{line}: the line is {DataRow.Shorten(element.GetRawText())}, expected a JSON object.";
        }
        catch (DecoderFallbackException exception)
        {
            fault = $"{_path}:{line}: byte {exception.Index + 1} of the line is not UTF-8, expected UTF-8 text.";
        }
        catch (JsonException exception)
        {
            fault = $"{_path}:{line}: {Describe(exception)}, expected one JSON object a line.";
        }

        return null;
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, Json);
            return document.RootElement.Clone();
        }
        catch (JsonException) when (PythonNumbers.Mended(text.Span) is { } mended)
        {
            using JsonDocument document = JsonDocument.Parse(mended, Json);
            return document.RootElement.Clone();
        }
    }

    /// <summary>
    /// .NET takes a gzip file that is cut short for a whole one. So one more member is put behind the file: it is only reached, and comes
    /// out whole, if the file before it is complete.
    /// </summary>
    private static byte[] Unpack(string path, byte[] packed)
    {
        ReadOnlySpan<byte> mark = "end of file"u8;
        try
        {
            using MemoryStream joined = new();
            joined.Write(packed);
            using (GZipStream end = new(joined, CompressionLevel.Fastest, leaveOpen: true))
            {
                end.Write(mark);
            }

            joined.Position = 0;
            using GZipStream stream = new(joined, CompressionMode.Decompress);
            using MemoryStream unpacked = new();
            stream.CopyTo(unpacked);
            byte[] bytes = unpacked.ToArray();
            return bytes.AsSpan().EndsWith(mark) ? bytes[..^mark.Length] : throw new InvalidDataException("No end.");
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new InvalidDataException($"{path}: the gzip data are damaged or cut short, expected a whole file.", exception);
        }
    }

    /// <summary>Faults of form have a place; a field that is there twice has none.</summary>
    private static string Describe(JsonException exception) => exception.BytePositionInLine is { } position
        ? $"byte {position + 1} of the line is not well-formed JSON"
        : "a field is there twice";
}
