using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ReSTEM.Serving;

/// <summary>The fields of a request. What nobody asks for is a field that nobody knows, and is refused: no option is passed over in silence.</summary>
internal sealed class RequestFields
{
    private const int Shown = 60;

    private readonly JsonElement _body;
    private readonly string _prefix;
    private readonly SortedSet<string> _known = new(StringComparer.Ordinal);

    private RequestFields(JsonElement body, string prefix) => (_body, _prefix) = (body, prefix);

    /// <summary>Reads a body.</summary>
    /// <exception cref="ApiException">It is no JSON object.</exception>
    internal static RequestFields Of(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? new RequestFields(document.RootElement.Clone(), "")
                : throw new ApiException(StatusCodes.Status400BadRequest, $"the body is {Describe(document.RootElement)}, expected a JSON object.");
        }
        catch (JsonException fault)
        {
            throw new ApiException(
                StatusCodes.Status400BadRequest, $"the body is not readable JSON: {Core.JsonFault.Of(fault, body.Span)}, expected a JSON object.");
        }
    }

    /// <summary>A field whatever it holds; null where it is missing or null.</summary>
    internal JsonElement? Any(string name)
    {
        _known.Add(name);
        return _body.TryGetProperty(name, out JsonElement field) && field.ValueKind is not JsonValueKind.Null ? field : null;
    }

    /// <summary>A field that is an object.</summary>
    internal RequestFields? Object(string name) => Any(name) is not { } field ? null
        : field.ValueKind is JsonValueKind.Object ? new RequestFields(field, _prefix + name + ".")
        : throw Wrong(name, field, "an object");

    internal string? Text(string name) => Any(name) is { } field ? TextOf(name, field) : null;

    internal string RequiredText(string name, string expected) => Text(name) ?? throw Missing(name, expected);

    internal bool Flag(string name) => Any(name) is { } field && (field.ValueKind is JsonValueKind.True || (field.ValueKind is JsonValueKind.False
        ? false
        : throw Wrong(name, field, "true or false")));

    internal long? Whole(string name, long low, long high) => Any(name) is not { } field ? null
        : field.ValueKind is JsonValueKind.Number && field.TryGetInt64(out long value) && value >= low && value <= high ? value
        : throw Wrong(name, field, $"a whole number from {low} to {high}");

    internal double? Number(string name) => Any(name) is not { } field ? null
        : field.ValueKind is JsonValueKind.Number && field.TryGetDouble(out double value) && double.IsFinite(value) ? value
        : throw Wrong(name, field, "a number");

    internal IReadOnlyList<string> Texts(string name) => Any(name) is not { } field ? []
        : field.ValueKind is JsonValueKind.Array ? [.. field.EnumerateArray().Select(item => TextOf(name, item))]
        : [TextOf(name, field)];

    /// <summary>A text that stands in a field.</summary>
    /// <exception cref="ApiException">It is none, or half a character.</exception>
    internal string TextOf(string name, JsonElement value)
    {
        try
        {
            return value.ValueKind is JsonValueKind.String ? value.GetString()! : throw Wrong(name, value, "a text");
        }
        catch (InvalidOperationException) // an escape such as \ud800 that is half a character
        {
            throw ApiException.Of(_prefix + name, $"{_prefix}{name} is not valid text, expected valid Unicode.");
        }
    }

    /// <summary>Refuses what an option of the API would ask for that this server does not do.</summary>
    /// <param name="name">Of the option.</param>
    /// <param name="isNeutral">Whether a value asks for nothing.</param>
    /// <param name="expected">Such a value.</param>
    internal void OnlyNeutral(string name, Predicate<JsonElement> isNeutral, string expected)
    {
        if (Any(name) is { } field && !isNeutral(field))
        {
            throw Wrong(name, field, $"{expected}: this server does not do anything else");
        }
    }

    /// <summary>Call it when everything has been asked for.</summary>
    /// <exception cref="ApiException">There is a field more.</exception>
    internal void RefuseOthers()
    {
        foreach (JsonProperty field in _body.EnumerateObject())
        {
            if (!_known.Contains(field.Name))
            {
                throw ApiException.Of(_prefix + field.Name, $"{_prefix}{field.Name} is unknown, expected only {string.Join(", ", _known.Select(name => _prefix + name))}.");
            }
        }
    }

    internal ApiException Wrong(string name, JsonElement value, string expected) =>
        ApiException.Of(_prefix + name, $"{_prefix}{name} is {Describe(value)}, expected {expected}.");

    internal ApiException Missing(string name, string expected) => ApiException.Of(_prefix + name, $"{_prefix}{name} is missing, expected {expected}.");

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => value.GetRawText() is { Length: > Shown } text ? text[..Shown] + "..." : value.GetRawText(),
    };
}
