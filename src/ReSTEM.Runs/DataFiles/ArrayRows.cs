using System.Text.Json;

namespace ReSTEM.Runs;

/// <summary>A file that is one JSON array of rows.</summary>
internal static class ArrayRows
{
    /// <summary>Whether the file is one: a bracket first, and no line that closes it again with more to come.</summary>
    internal static bool Recognises(ReadOnlySpan<byte> bytes) => bytes.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];

    /// <summary>The rows, each with the line that it begins in.</summary>
    /// <exception cref="InvalidDataException">The file is not UTF-8, or not a JSON array.</exception>
    internal static IEnumerable<DataLine> Lines(string path, byte[] bytes)
    {
        if (JsonText.FirstNotUtf8(bytes) is { } at)
        {
            throw new InvalidDataException($"{path}:{JsonText.LineOf(bytes, at)}: byte {at + 1} of the file is not UTF-8, expected UTF-8 text.");
        }

        byte[] text = bytes;
        List<Range> places;
        try
        {
            places = Places(bytes);
        }
        catch (JsonException) when (PythonNumbers.Mended(bytes) is not null)
        {
            text = PythonNumbers.Mended(bytes)!;
            places = Rest(path, text);
        }
        catch (JsonException fault)
        {
            throw NotOne(path, fault);
        }

        return Rows(path, text, places);
    }

    private static IEnumerable<DataLine> Rows(string path, byte[] text, List<Range> places)
    {
        int line = 1;
        int counted = 0;
        for (int index = 0; index < places.Count; index++)
        {
            var (start, length) = places[index].GetOffsetAndLength(text.Length);
            line += text.AsSpan(counted, start - counted).Count((byte)'\n');
            counted = start;
            JsonElement? row = JsonText.Object(
                text.AsMemory(start, length), $"{path}:{line}", $"row {index} of the array", "one JSON object for each row", out string fault);
            yield return new DataLine(row is { } element ? new DataRow(path, line, index, element) : null, fault);
        }
    }

    private static List<Range> Rest(string path, byte[] text)
    {
        try
        {
            return Places(text);
        }
        catch (JsonException fault)
        {
            throw NotOne(path, fault);
        }
    }

    /// <summary>Where each item of the array stands.</summary>
    /// <exception cref="JsonException">The text is not one JSON array.</exception>
    private static List<Range> Places(byte[] text)
    {
        var reader = new Utf8JsonReader(text);
        var places = new List<Range>();
        reader.Read();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            places.Add(start..(int)reader.BytesConsumed);
        }

        reader.Read(); // throws on anything behind the array
        return places;
    }

    private static InvalidDataException NotOne(string path, JsonException fault) => new(
        $"{path}:{(fault.LineNumber ?? 0) + 1}: {JsonText.Describe(fault, "the line")}, expected one JSON array of rows in the file.", fault);
}
