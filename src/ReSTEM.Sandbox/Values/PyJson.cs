using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace ReSTEM.Sandbox;

/// <summary>JSON as Python's <c>json.loads</c> reads it.</summary>
internal static class PyJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = PyCodec.MaxDepth };

    /// <summary>The value of a JSON text.</summary>
    /// <exception cref="InvalidDataException">The text is no JSON.</exception>
    public static PyValue Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return From(document.RootElement);
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException($"Test value is '{PyText.Shorten(json, 80)}', expected JSON: {failure.Message}", failure);
        }
    }

    private static PyValue From(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => PyValue.None,
        JsonValueKind.True or JsonValueKind.False => PyValue.Of(element.GetBoolean()),
        JsonValueKind.String => PyValue.Of(element.GetString() ?? ""),
        JsonValueKind.Number => Number(element.GetRawText()),
        JsonValueKind.Array => PyValue.ListOf(element.EnumerateArray().Select(From)),
        _ => PyValue.Collection(
            PyKind.Dict, [.. element.EnumerateObject().SelectMany(pair => new[] { PyValue.Of(pair.Name), From(pair.Value) })]),
    };

    private static PyValue Number(string text) => text.AsSpan().IndexOfAny('.', 'e', 'E') < 0
        ? PyValue.Of(BigInteger.Parse(text, CultureInfo.InvariantCulture))
        : PyValue.Of(double.Parse(text, CultureInfo.InvariantCulture));
}
