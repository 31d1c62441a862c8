using System.Text.Json;
using System.Text.Unicode;
using ReSTEM.Core;

namespace ReSTEM.Models;

/// <summary>Reads the JSON header of a safetensors file and checks it against the size of the data.</summary>
/// <remarks>Format: https://github.com/huggingface/safetensors#format - eight bytes of header length, JSON header, data without gaps.</remarks>
internal static class SafetensorsHeader
{
    internal const int MaxLength = 100_000_000;
    private const string Metadata = "__metadata__";

    /// <summary>Entries in the order of their data, and the texts of <c>__metadata__</c>.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="header">The JSON text.</param>
    /// <param name="dataStart">Position of the first data byte in the file.</param>
    /// <param name="fileLength">Size of the file in bytes.</param>
    /// <exception cref="InvalidDataException">The header does not describe exactly the data that follows it.</exception>
    internal static (IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata) Parse(
        string path, ReadOnlyMemory<byte> header, long dataStart, long fileLength)
    {
        if (!Utf8.IsValid(header.Span))
        {
            throw new InvalidDataException($"{path}: the header is not valid UTF-8, expected a JSON object.");
        }

        List<SafetensorsEntry> entries;
        Dictionary<string, string> metadata;
        try
        {
            using var document = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8 });
            entries = ReadEntries(path, document.RootElement, dataStart);
            metadata = ReadMetadata(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half of a surrogate pair escaped in it.
            throw new InvalidDataException($"{path}: the header is not readable JSON: {JsonFault.Of(fault, header.Span)}.", fault);
        }

        entries.Sort((left, right) => (left.Begin, left.ByteCount).CompareTo((right.Begin, right.ByteCount)));
        ThrowUnlessContiguous(path, entries, dataStart, fileLength);
        return (entries, metadata);
    }

    private static Dictionary<string, string> ReadMetadata(JsonElement root)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root.TryGetProperty(Metadata, out JsonElement metadata) && metadata.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in metadata.EnumerateObject().Where(static property => property.Value.ValueKind == JsonValueKind.String))
            {
                texts[property.Name] = property.Value.GetString()!;
            }
        }

        return texts;
    }

    private static List<SafetensorsEntry> ReadEntries(string path, JsonElement root, long dataStart)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"{path}: the header is {root.ValueKind}, expected an object.");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var entries = new List<SafetensorsEntry>();
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (!names.Add(property.Name))
            {
                throw new InvalidDataException($"{path}: tensor {property.Name} appears twice in the header, expected once.");
            }

            if (property.Name != Metadata)
            {
                entries.Add(ReadEntry($"{path}: tensor {property.Name}", property.Name, property.Value, dataStart));
            }
        }

        return entries;
    }

    private static SafetensorsEntry ReadEntry(string where, string name, JsonElement element, long dataStart)
    {
        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String
            || !element.TryGetProperty("shape", out JsonElement shape) || shape.ValueKind != JsonValueKind.Array
            || !element.TryGetProperty("data_offsets", out JsonElement offsets) || offsets.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidDataException(
                $"{where}: the description is {Short(element)}, expected an object with dtype, shape and data_offsets.");
        }

        string format = dtype.GetString()!;
        if (format is not ("F32" or "F16" or "BF16"))
        {
            throw new InvalidDataException($"{where}: dtype is {format}, expected F32, F16 or BF16.");
        }

        int valueSize = format == "F32" ? 4 : 2;
        int[] extents = [.. shape.EnumerateArray().Select(item => Extent(where, item))];
        long valueCount = extents.Aggregate(1L, (product, extent) => Math.Min(product * extent, int.MaxValue + 1L));
        if (valueCount > int.MaxValue)
        {
            throw new InvalidDataException($"{where}: shape is {Short(shape)}, expected at most {int.MaxValue} values.");
        }

        var (begin, end) = Offsets(where, offsets);
        if (end - begin != valueCount * valueSize)
        {
            throw new InvalidDataException(
                $"{where}: data_offsets span {end - begin} bytes, expected {valueCount * valueSize} ({format} {Short(shape)}).");
        }

        if (begin % valueSize != 0)
        {
            throw new InvalidDataException(
                $"{where}: data_offsets begin at {begin}, expected a multiple of {valueSize} ({format}).");
        }

        return new SafetensorsEntry(name, format, extents, dataStart + begin, end - begin);
    }

    private static int Extent(string where, JsonElement item) =>
        item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int extent) && extent >= 0
            ? extent
            : throw new InvalidDataException($"{where}: shape holds {Short(item)}, expected whole numbers from 0 to {int.MaxValue}.");

    private static (long Begin, long End) Offsets(string where, JsonElement offsets)
    {
        if (offsets.GetArrayLength() == 2
            && offsets[0].ValueKind == JsonValueKind.Number && offsets[0].TryGetInt64(out long begin)
            && offsets[1].ValueKind == JsonValueKind.Number && offsets[1].TryGetInt64(out long end)
            && begin >= 0 && end >= begin && end <= long.MaxValue / 2)
        {
            return (begin, end);
        }

        throw new InvalidDataException($"{where}: data_offsets are {Short(offsets)}, expected [begin, end] with 0 <= begin <= end.");
    }

    private static void ThrowUnlessContiguous(
        string path, List<SafetensorsEntry> entries, long dataStart, long fileLength)
    {
        long position = dataStart;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Begin != position)
            {
                string fault = entry.Begin < position ? "overlaps the tensor before it" : "leaves a gap before it";
                throw new InvalidDataException(
                    $"{path}: tensor {entry.Name} {fault}: its data begin at byte {entry.Begin}, expected {position}.");
            }

            position += entry.ByteCount;
            if (position > fileLength)
            {
                throw new InvalidDataException(
                    $"{path}: tensor {entry.Name} ends at byte {position}, expected at most {fileLength} (the file's length); is the file truncated?");
            }
        }

        if (position != fileLength)
        {
            throw new InvalidDataException(
                $"{path}: the file has {fileLength} bytes, expected {position} (the end of the last tensor).");
        }
    }

    private static string Short(JsonElement element)
    {
        string text = element.GetRawText();
        return text.Length <= 80 ? text : text[..80] + "...";
    }
}
