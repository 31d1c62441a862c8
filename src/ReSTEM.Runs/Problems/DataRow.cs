using System.Text.Json;

namespace ReSTEM.Runs;

/// <summary>One JSON object of a data file that knows its place, so that every complaint names file, line and field.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Line">From 1.</param>
/// <param name="Index">Row number from 0, blank lines not counted.</param>
/// <param name="Element">The object.</param>
internal readonly record struct DataRow(string File, int Line, int Index, JsonElement Element)
{
    /// <summary>File name without folder and extensions: what a derived id is named after.</summary>
    internal string Stem => System.IO.Path.GetFileName(File).Split('.')[0];

    internal bool Has(string field) =>
        Element.TryGetProperty(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>The text of a field that must be there.</summary>
    internal string Text(string field) => Has(field)
        ? Optional(field)
        : throw Bad(field, "missing", "a text");

    /// <summary>The text of a field; empty when it is absent or null. Numbers and booleans are given as written.</summary>
    internal string Optional(string field) => Has(field) ? Write(field, Element.GetProperty(field)) : "";

    /// <summary>The text of a field that must be there and not blank.</summary>
    internal string NonBlank(string field) =>
        Text(field) is var text && string.IsNullOrWhiteSpace(text) ? throw Bad(field, "empty", "a text") : text;

    /// <summary>The texts of an array; empty when it is absent or null.</summary>
    internal IReadOnlyList<string> Texts(string field)
    {
        if (!Has(field))
        {
            return [];
        }

        JsonElement array = Element.GetProperty(field);
        DataRow row = this;
        return array.ValueKind == JsonValueKind.Array
            ? [.. array.EnumerateArray().Select(item => row.Write(field, item))]
            : throw Bad(field, Shorten(array.GetRawText()), "a list of texts");
    }

    /// <summary>The names of the object's fields, in order.</summary>
    internal IEnumerable<string> Fields
    {
        get
        {
            foreach (JsonProperty property in Element.EnumerateObject())
            {
                yield return Name(property);
            }
        }
    }

    /// <summary>A field's value as metadata: text as it is, anything else as JSON.</summary>
    internal string AsMetadata(string field, JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? Write(field, value) : value.GetRawText();

    internal string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException) // an escape such as \ud800 that is half a character
        {
            throw Bad("a field name", "not valid text", "valid Unicode");
        }
    }

    internal InvalidDataException Bad(string field, string actual, string expected) =>
        new(OneLine($"{File}:{Line}: {field} is {actual}, expected {expected}."));

    /// <summary>The beginning of a text, in one line.</summary>
    internal static string Shorten(string text) =>
        OneLine(text.Length > 60 ? text[..60] + "..." : text);

    private static string OneLine(string text) =>
        text.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>A value that is a text, a number or a truth value, as <see cref="Optional"/> gives it.</summary>
    internal string TextOf(string field, JsonElement value) => Write(field, value);

    private string Write(string field, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                try
                {
                    return value.GetString()!;
                }
                catch (InvalidOperationException) // an escape such as \ud800 that is half a character
                {
                    throw Bad(field, "not valid text", "valid Unicode");
                }

            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                return value.GetRawText();
            default:
                throw Bad(field, Shorten(value.GetRawText()), "a text");
        }
    }
}
