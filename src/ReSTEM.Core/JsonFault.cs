using System.Text.Json;

namespace ReSTEM.Core;

/// <summary>Why a file is not the JSON that it should be, in words of our own.</summary>
public static class JsonFault
{
    /// <summary>A reason that goes on after <c>is not readable JSON: </c>, without a full stop.</summary>
    /// <param name="fault">What reading it gave.</param>
    /// <param name="json">The content.</param>
    public static string Of(Exception fault, ReadOnlySpan<byte> json)
    {
        if (json.Trim(" \t\r\n\0"u8).IsEmpty)
        {
            return "it is empty";
        }

        if (FileSignature.Of(json) is { } other)
        {
            return $"it is {other}";
        }

        if (fault is not JsonException { LineNumber: { } line, BytePositionInLine: { } position })
        {
            return fault is JsonException ? "a key is there twice" : "a text in it is not valid Unicode";
        }

        return OffsetOf(json, line) + position >= json.TrimEnd(" \t\r\n"u8).Length
            ? $"it ends before it is complete, at line {line + 1}"
            : $"byte {position + 1} of line {line + 1} cannot stand there";
    }

    private static long OffsetOf(ReadOnlySpan<byte> json, long line)
    {
        int start = 0;
        for (long before = 0; before < line && json[start..].IndexOf((byte)'\n') is >= 0 and var length; before++)
        {
            start += length + 1;
        }

        return start;
    }
}
