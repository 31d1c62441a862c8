using System.Text.Json;

namespace ReSTEM.Cli;

/// <summary>One row of a JSONL file.</summary>
/// <param name="File">What the file is called in messages.</param>
/// <param name="Line">From 1.</param>
/// <param name="Value">The object.</param>
internal sealed record JsonRow(string File, int Line, JsonElement Value)
{
    private const int Shown = 60;

    /// <summary><c>file:line</c>.</summary>
    internal string Place => $"{File}:{Line}";

    /// <summary>Whether there is a field that is not null.</summary>
    internal bool Has(string name) => Value.TryGetProperty(name, out JsonElement field) && field.ValueKind is not JsonValueKind.Null;

    /// <summary>A text field, or null when the row has none.</summary>
    /// <exception cref="InvalidDataException">The field is not a text.</exception>
    internal string? Text(string name) => !Has(name) ? null : TextOf(name, Value.GetProperty(name));

    /// <summary>A text field that must be there.</summary>
    /// <param name="name">Of the field.</param>
    /// <param name="expected">What the row should have had, for the message.</param>
    /// <exception cref="InvalidDataException">The field is missing or not a text.</exception>
    internal string Text(string name, string expected) =>
        Text(name) ?? throw new InvalidDataException($"{Place}: {name} is missing, expected {expected}.");

    /// <summary>A value as text.</summary>
    /// <exception cref="InvalidDataException">It is not one.</exception>
    internal string TextOf(string name, JsonElement value)
    {
        if (value.ValueKind is not JsonValueKind.String)
        {
            throw new InvalidDataException($"{Place}: {name} is {Describe(value)}, expected a text.");
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException) // an escape such as \ud800 that is half a character
        {
            throw new InvalidDataException($"{Place}: {name} is not valid text, expected valid Unicode.");
        }
    }

    /// <summary>The text that a model wrote: <c>completion</c>, or <c>text</c> as <c>sample</c> calls it.</summary>
    /// <exception cref="InvalidDataException">There is neither, or it is not a text.</exception>
    internal string Completion() => Text("completion") ?? Text("text")
        ?? throw new InvalidDataException($"{Place}: completion is missing, expected completion, or text as `restem sample` writes it.");

    /// <summary>A list of whole numbers, or null when the row has none.</summary>
    /// <exception cref="InvalidDataException">The field is anything else.</exception>
    internal int[]? Integers(string name)
    {
        if (!Has(name))
        {
            return null;
        }

        JsonElement field = Value.GetProperty(name);
        return field.ValueKind is JsonValueKind.Array
            ? [.. field.EnumerateArray().Select(item => item.ValueKind is JsonValueKind.Number && item.TryGetInt32(out int number)
                ? number
                : throw new InvalidDataException($"{Place}: {name} holds {Describe(item)}, expected whole numbers."))]
            : throw new InvalidDataException($"{Place}: {name} is {Describe(field)}, expected a list of whole numbers.");
    }

    /// <summary>A value as it is written, cut if it is long.</summary>
    internal static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => value.GetRawText() is { Length: > Shown } text ? text[..Shown] + "..." : value.GetRawText(),
    };
}
