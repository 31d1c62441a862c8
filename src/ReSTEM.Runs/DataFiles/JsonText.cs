using System.Text;
using System.Text.Json;

namespace ReSTEM.Runs;

/// <summary>JSON objects in the bytes of a data file.</summary>
internal static class JsonText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>Where the bytes stop being UTF-8, counted from 0; null when they never do.</summary>
    internal static int? FirstNotUtf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Strict.GetCharCount(bytes);
            return null;
        }
        catch (DecoderFallbackException fault)
        {
            return Math.Max(0, fault.Index);
        }
    }

    /// <summary>Parses one value that is JSON and nothing more.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    internal static JsonElement ParseExactly(ReadOnlyMemory<byte> text)
    {
        using JsonDocument document = JsonDocument.Parse(text, Options);
        return document.RootElement.Clone();
    }

    /// <summary>Parses one value, with the numbers that Python writes and JSON does not know.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    internal static JsonElement Parse(ReadOnlyMemory<byte> text)
    {
        try
        {
            return ParseExactly(text);
        }
        catch (JsonException) when (PythonNumbers.Mended(text.Span) is { } mended)
        {
            return ParseExactly(mended);
        }
    }

    /// <summary>Parses one object; null when the text is none, and then why.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="place">Begins the reason: file and line.</param>
    /// <param name="what">What the text is: the line, the row.</param>
    /// <param name="layout">What is expected, in words.</param>
    /// <param name="fault">The reason.</param>
    internal static JsonElement? Object(ReadOnlyMemory<byte> text, string place, string what, string layout, out string fault)
    {
        fault = "";
        if (FirstNotUtf8(text.Span) is { } at)
        {
            fault = $"{place}: byte {at + 1} of {what} is not UTF-8, expected UTF-8 text.";
            return null;
        }

        try
        {
            JsonElement element = Parse(text);
            if (element.ValueKind == JsonValueKind.Object)
            {
                return element;
            }

            fault = $"{place}: {what} is {DataRow.Shorten(element.GetRawText())}, expected a JSON object.";
        }
        catch (JsonException exception)
        {
            fault = $"{place}: {Describe(exception, what)}, expected {layout}.";
        }

        return null;
    }

    /// <summary>Faults of form have a place; a field that is there twice has none.</summary>
    internal static string Describe(JsonException exception, string what) => exception.BytePositionInLine is { } position
        ? $"byte {position + 1} of {what} is not well-formed JSON"
        : "a field is there twice";

    /// <summary>The line that a byte stands in, from 1.</summary>
    internal static int LineOf(ReadOnlySpan<byte> bytes, long at) => 1 + bytes[..(int)Math.Min(at, bytes.Length)].Count((byte)'\n');
}
