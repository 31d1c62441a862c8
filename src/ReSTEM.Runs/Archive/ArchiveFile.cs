using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// Samples of a draw as gzipped JSONL, one object a line, by problem and sample: all columns of the ledger, so that the rows which are read
/// back are those that were written, byte for byte. Token ids are an array; what is JSON in the ledger stays as it is written there.
/// </summary>
internal static class ArchiveFile
{
    private const string TokenIds = "token_ids", Index = "sample", LogProbability = "log_probability";
    private static readonly string[] Columns = SampleRow.Columns.Split(", ");
    private static readonly string[] JsonColumns = ["evidence", "measurements"];
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes rows; nothing of the file stays if that fails.</summary>
    /// <param name="path">Its folder exists.</param>
    /// <param name="rows">At its first row not yet; <see cref="SampleRow.Columns"/> in order.</param>
    internal static void Write(string path, SqliteDataReader rows) => AtomicFile.Write(path, stream =>
    {
        using var packed = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
        using var json = new Utf8JsonWriter(packed, Readable);
        while (rows.Read())
        {
            json.WriteStartObject();
            for (int column = 0; column < Columns.Length; column++)
            {
                json.WritePropertyName(Columns[column]);
                WriteValue(json, Columns[column], rows.GetValue(column));
            }

            json.WriteEndObject();
            json.Flush();
            packed.Write("\n"u8);
            json.Reset();
        }
    });

    /// <summary>Rows as they were given, each the values of <see cref="SampleRow.Columns"/> in order.</summary>
    /// <exception cref="InvalidDataException">The file is not what this writes; the message says where.</exception>
    internal static IEnumerable<object?[]> Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var lines = new StreamReader(unpacked, new UTF8Encoding(false, throwOnInvalidBytes: true));
        for (int number = 1; Line(lines, path, number) is { } line; number++)
        {
            yield return Row(line, path, number);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, string column, object value)
    {
        switch (value)
        {
            case byte[] ids:
                json.WriteStartArray();
                foreach (int id in MemoryMarshal.Cast<byte, int>(ids))
                {
                    json.WriteNumberValue(id);
                }

                json.WriteEndArray();
                break;
            case string text when JsonColumns.Contains(column):
                json.WriteRawValue(text);
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case double number: // JSON has no number for it
                json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static string? Line(StreamReader lines, string path, int number)
    {
        try
        {
            return lines.ReadLine();
        }
        catch (Exception fault) when (fault is InvalidDataException or DecoderFallbackException)
        {
            throw Damage(path, number, fault);
        }
    }

    private static object?[] Row(string line, string path, int number)
    {
        try
        {
            using var row = JsonDocument.Parse(line);
            return [.. Columns.Select(column => Value(column, row.RootElement.GetProperty(column)))];
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Damage(path, number, fault);
        }
    }

    private static object? Value(string column, JsonElement value) => column switch
    {
        TokenIds => MemoryMarshal.AsBytes<int>(value.EnumerateArray().Select(id => id.GetInt32()).ToArray()).ToArray(),
        Index => value.GetInt64(),
        LogProbability when value.ValueKind is JsonValueKind.String => double.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        LogProbability => value.GetDouble(),
        _ when JsonColumns.Contains(column) => value.GetRawText(),
        _ => value.GetString(),
    };

    private static InvalidDataException Damage(string path, int number, Exception fault) =>
        new($"{path}, line {number} is damaged: {fault.Message.TrimEnd('.')}. Restore the file.");
}
