using System.Text.Json;

namespace ReSTEM.Runs;

/// <summary>One JSON object of a data file that knows its place, so that every complaint names file, line and field.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Line">From 1; 0 in a file that has no lines.</param>
/// <param name="Index">Row number from 0, blank lines not counted.</param>
/// <param name="Element">The object.</param>
internal readonly record struct DataRow(string File, int Line, int Index, JsonElement Element)
{
    /// <summary>File name without folder and extensions: what a derived id is named after.</summary>
    internal string Stem => System.IO.Path.GetFileName(File).Split('.')[0];

    /// <summary>File and line, or row where there are no lines.</summary>
    internal string Place => Line > 0 ? $"{File}:{Line}" : $"{File}: row {Index}";

    internal bool Has(string field) => Find(field) is not null;

    /// <summary>The value of a field that is there and not null; <c>a.b</c> is the field b of the object in a, unless a field has that name.</summary>
    internal JsonElement? Find(string field)
    {
        if (Element.TryGetProperty(field, out JsonElement value))
        {
            return value.ValueKind == JsonValueKind.Null ? null : value;
        }

        int dot = field.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && Element.TryGetProperty(field[..dot], out JsonElement inner) && inner.ValueKind == JsonValueKind.Object
            ? (this with { Element = inner }).Find(field[(dot + 1)..])
            : null;
    }

    /// <summary>The text of a field that must be there.</summary>
    internal string Text(string field) => Has(field)
        ? Optional(field)
        : throw Bad(field, "missing", "a text");

    /// <summary>The text of a field; empty when it is absent or null. Numbers and booleans are given as written.</summary>
    internal string Optional(string field) => Find(field) is { } value ? Write(field, value) : "";

    /// <summary>The text of a field that must be there and not blank.</summary>
    internal string NonBlank(string field) =>
        Text(field) is var text && string.IsNullOrWhiteSpace(text) ? throw Bad(field, "empty", "a text") : text;

    /// <summary>The texts of an array; empty when it is absent or null.</summary>
    internal IReadOnlyList<string> Texts(string field)
    {
        if (Find(field) is not { } array)
        {
            return [];
        }

        DataRow row = this;
        return array.ValueKind == JsonValueKind.Array
            ? [.. array.EnumerateArray().Select(item => row.Write(field, item))]
            : throw Bad(field, Shorten(array.GetRawText()), "a list of texts");
    }

    /// <summary>The texts of a list, which in a table is written as JSON in a text.</summary>
    internal IReadOnlyList<string> Choices(string field)
    {
        if (Find(field) is not { ValueKind: JsonValueKind.String } text)
        {
            return Texts(field);
        }

        try
        {
            JsonElement list = JsonText.Parse(System.Text.Encoding.UTF8.GetBytes(Write(field, text)));
            DataRow row = this;
            return list.ValueKind == JsonValueKind.Array
                ? [.. list.EnumerateArray().Select(item => row.Write(field, item))]
                : throw Bad(field, Shorten(list.GetRawText()), "a list of texts");
        }
        catch (JsonException)
        {
            throw Bad(field, $"'{Shorten(Write(field, text))}'", "a list of texts, in a table written as JSON: [\"A\", \"B\"]");
        }
    }

    /// <summary>The object or list of a field, which in a table is written as JSON in a text; null when it is absent, null or another text.</summary>
    internal JsonElement? Structure(string field)
    {
        if (Find(field) is not { ValueKind: JsonValueKind.String } text)
        {
            return Find(field);
        }

        string written = Write(field, text).Trim();
        try
        {
            return written is ['{' or '[', ..] ? JsonText.Parse(System.Text.Encoding.UTF8.GetBytes(written)) : null;
        }
        catch (JsonException)
        {
            return null; // a label may look like this
        }
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
        new(OneLine($"{Place}: {field} is {actual}, expected {expected}."));

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
