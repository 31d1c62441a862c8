using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ReSTEM.Tokenizers;

/// <summary>A value inside a tokenizer.json that knows where it stands, so that every complaint names file and place.</summary>
internal readonly record struct JsonPart(string File, string Path, JsonElement Element)
{
    /// <summary>No published file nests sequences deeper; a damaged one may.</summary>
    internal const int MaxNesting = 8;

    /// <summary>True when the key is absent or null.</summary>
    internal bool Lacks(string key)
    {
        Require(JsonValueKind.Object, "an object");
        return !Element.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null;
    }

    /// <summary>The value of a key, which must be there.</summary>
    internal JsonPart Get(string key)
    {
        Require(JsonValueKind.Object, "an object");
        return Element.TryGetProperty(key, out JsonElement value)
            ? new JsonPart(File, Path.Length == 0 ? key : $"{Path}.{key}", value)
            : throw new InvalidDataException($"{File}: {OneLine(Here)} has no key '{key}', expected one.");
    }

    /// <summary>The object's <c>type</c>, which says what part it is.</summary>
    internal string Type => Get("type").AsString();

    /// <summary>The value of a key, or a default when it is absent or null.</summary>
    internal bool Flag(string key, bool otherwise)
    {
        Require(JsonValueKind.Object, "an object");
        return Lacks(key) ? otherwise : Get(key).AsBoolean();
    }

    internal IEnumerable<JsonPart> Items()
    {
        Require(JsonValueKind.Array, "an array");
        return Enumerate(this);

        static IEnumerable<JsonPart> Enumerate(JsonPart part)
        {
            int index = 0;
            foreach (JsonElement item in part.Element.EnumerateArray())
            {
                yield return new JsonPart(part.File, $"{part.Path}[{index++}]", item);
            }
        }
    }

    internal string AsString()
    {
        Require(JsonValueKind.String, "a string");
        try
        {
            return Element.GetString()!;
        }
        catch (InvalidOperationException) // an escape such as \ud800 that is half a character
        {
            throw Bad("not valid text", "valid Unicode");
        }
    }

    /// <summary>The name of one of the object's keys.</summary>
    internal string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException) // as above
        {
            throw Bad("an object with a key that is not valid text", "valid Unicode");
        }
    }

    /// <summary>Bytes written in base64.</summary>
    internal byte[] AsBytes()
    {
        Require(JsonValueKind.String, "a string");
        return Element.TryGetBytesFromBase64(out byte[]? bytes) ? bytes : throw Bad("not base64", "base64");
    }

    /// <summary>A finite number.</summary>
    internal double AsNumber() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetDouble(out double value) && double.IsFinite(value)
            ? value
            : throw Bad(Raw, "a number");

    internal bool AsBoolean() => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Bad(Raw, "true or false"),
    };

    /// <summary>A whole number from 0 to <see cref="TokenizerFile.MaxTokenId"/>.</summary>
    internal int AsTokenId() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out int id) && id is >= 0 and <= TokenizerFile.MaxTokenId
            ? id
            : throw Bad(Raw, $"a token id from 0 to {TokenizerFile.MaxTokenId}");

    /// <summary>The JSON as it is written, for messages; bytes that are no UTF-8 as replacement characters.</summary>
    internal string Raw => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(Element));

    internal void Require(JsonValueKind kind, string name)
    {
        if (Element.ValueKind != kind)
        {
            throw Bad(Raw, name);
        }
    }

    internal InvalidDataException Bad(string actual, string expected) =>
        new($"{File}: {OneLine($"{Here} is {(actual.Length > 60 ? actual[..60] + "..." : actual)}, expected {expected}.")}");

    /// <summary>Text of a file for a message: control characters are written as numbers.</summary>
    internal static string OneLine(string text) => text.Any(char.IsControl)
        ? string.Concat(text.Select(character => char.IsControl(character) ? $"\\u{(int)character:x4}" : $"{character}"))
        : text;

    private string Here => Path.Length == 0 ? "the file" : Path;
}
