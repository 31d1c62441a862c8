using System.Globalization;
using System.Numerics;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>Arguments of calls: JSON, with <see cref="PythonJson"/> for what JSON cannot say.</summary>
internal static class ArgumentJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = PyCodec.MaxDepth };

    /// <summary>The value of a JSON text.</summary>
    /// <exception cref="InvalidDataException">The text is no JSON, or a mark in it holds something else than it should.</exception>
    public static PyValue Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return From(document.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"Arguments are '{PyText.Shorten(json, 80)}', expected JSON: {failure.Message}", failure);
        }
    }

    private static PyValue From(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => PyValue.None,
        JsonValueKind.True or JsonValueKind.False => PyValue.Of(element.GetBoolean()),
        JsonValueKind.String => PyValue.Of(element.GetString() ?? ""),
        JsonValueKind.Number => Number(element.GetRawText()),
        JsonValueKind.Array => PyValue.ListOf(element.EnumerateArray().Select(From)),
        _ => element.EnumerateObject().ToList() is [var only] && PythonJson.IsMark(only.Name)
            ? Marked(only.Name, only.Value)
            : PyValue.Collection(
                PyKind.Dict, [.. element.EnumerateObject().SelectMany(pair => new[] { PyValue.Of(pair.Name), From(pair.Value) })]),
    };

    private static PyValue Marked(string mark, JsonElement value) => mark switch
    {
        PythonJson.Tuple => PyValue.Collection(PyKind.Tuple, [.. value.EnumerateArray().Select(From)]),
        PythonJson.Set => PyValue.Collection(PyKind.Set, [.. value.EnumerateArray().Select(From)]),
        PythonJson.Dict => PyValue.Collection(
            PyKind.Dict, [.. value.EnumerateArray().SelectMany(pair => new[] { From(pair[0]), From(pair[1]) })]),
        PythonJson.Complex => new PyValue { Kind = PyKind.Complex, Number = new Complex(value[0].GetDouble(), value[1].GetDouble()) },
        _ => PyValue.Of(value.GetString() switch
        {
            "nan" => double.NaN,
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            var other => throw new FormatException($"'{other}' is no float by name."),
        }),
    };

    private static PyValue Number(string text) => text.AsSpan().IndexOfAny('.', 'e', 'E') < 0
        ? PyValue.Of(BigInteger.Parse(text, CultureInfo.InvariantCulture))
        : PyValue.Of(double.Parse(text, CultureInfo.InvariantCulture));
}
