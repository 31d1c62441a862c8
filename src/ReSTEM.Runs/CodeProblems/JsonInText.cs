using System.Text;
using System.Text.Json;

namespace ReSTEM.Runs;

/// <summary>Fields that hold JSON, or JSON in a text, as data sets publish their tests.</summary>
internal static class JsonInText
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    /// <summary>The JSON of a field.</summary>
    /// <exception cref="InvalidDataException">The field is missing, or its text is no JSON.</exception>
    internal static JsonElement Of(DataRow row, string field)
    {
        if (!row.Has(field))
        {
            throw row.Bad(field, "missing", "JSON, or JSON in a text");
        }

        JsonElement value = row.Element.GetProperty(field);
        return value.ValueKind == JsonValueKind.String ? Parse(row, field, row.Text(field)) : value;
    }

    /// <summary>The JSON of a text.</summary>
    /// <exception cref="InvalidDataException">The text is no JSON.</exception>
    internal static JsonElement Parse(DataRow row, string field, string text) =>
        TryParse(text) ?? throw row.Bad(field, $"'{DataRow.Shorten(text)}'", "JSON");

    /// <summary>The JSON of a text; null when it is none.</summary>
    internal static JsonElement? TryParse(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return Parsed(bytes) ?? (PythonNumbers.Mended(bytes) is { } mended ? Parsed(mended) : null);
    }

    private static JsonElement? Parsed(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, Options);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
