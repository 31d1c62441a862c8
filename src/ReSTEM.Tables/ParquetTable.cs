using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text.Json;
using Parquet.Schema;
using Parquet.Serialization;

namespace ReSTEM.Tables;

/// <summary>Rows of Parquet tables as JSON objects, nested columns included.</summary>
public static class ParquetTable
{
    /// <summary>Every row as the text of a JSON object; a field without a value is left out.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="bytes">The whole file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or has columns of a kind that is not read.</exception>
    public static IReadOnlyList<byte[]> Read(string path, byte[] bytes)
    {
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            var table = ParquetSerializer.DeserializeUntypedAsync(stream).GetAwaiter().GetResult();
            return [.. table.Data.Select(row => Row(table.Schema, row))];
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // What the library throws for damaged bytes is of any type, from those of arrays to those of its decoders.
            throw new InvalidDataException(
                $"{path}: the Parquet table is damaged or of a kind that is not read ({fault.GetType().Name}: {OneLine(fault.Message)}), expected a whole file; save it again, or as JSONL.",
                fault);
        }
    }

    private static byte[] Row(ParquetSchema schema, Dictionary<string, object> row)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, schema.Fields, name => row.GetValueOrDefault(name));
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, IEnumerable<Field> fields, Func<string, object?> valueOf)
    {
        json.WriteStartObject();
        foreach (Field field in fields)
        {
            if (valueOf(field.Name) is { } value)
            {
                json.WritePropertyName(field.Name);
                Write(json, field, value);
            }
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Field field, object value)
    {
        switch (field, value)
        {
            case (StructField group, IDictionary members):
                Write(json, group.Fields, name => members.Contains(name) ? members[name] : null);
                break;
            case (MapField, IDictionary pairs):
                json.WriteStartObject();
                foreach (DictionaryEntry pair in pairs)
                {
                    json.WritePropertyName(Convert.ToString(pair.Key, CultureInfo.InvariantCulture)!);
                    WriteValue(json, pair.Value);
                }

                json.WriteEndObject();
                break;
            case (ListField list, IEnumerable items and not string):
                json.WriteStartArray();
                foreach (object? item in items)
                {
                    WriteItem(json, list.Item, item);
                }

                json.WriteEndArray();
                break;
            default:
                WriteValue(json, value);
                break;
        }
    }

    // The library gives an item of a list of plain values as a list of that one value.
    private static void WriteItem(Utf8JsonWriter json, Field field, object? item)
    {
        if (field is DataField && item is IList { Count: 1 } one and not byte[])
        {
            WriteValue(json, one[0]);
        }
        else if (item is null)
        {
            json.WriteNullValue();
        }
        else
        {
            Write(json, field, item);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case byte[] bytes:
                json.WriteBase64StringValue(bytes);
                break;
            case DateTime time:
                json.WriteStringValue(time.ToString("O", CultureInfo.InvariantCulture));
                break;
            case double number when !double.IsFinite(number):
                json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case float number when !float.IsFinite(number):
                json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case IFormattable number when number is sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal:
                json.WriteRawValue(number.ToString(null, CultureInfo.InvariantCulture));
                break;
            case IDictionary members:
                json.WriteStartObject();
                foreach (DictionaryEntry member in members)
                {
                    json.WritePropertyName(Convert.ToString(member.Key, CultureInfo.InvariantCulture)!);
                    WriteValue(json, member.Value);
                }

                json.WriteEndObject();
                break;
            case IEnumerable items:
                json.WriteStartArray();
                foreach (object? item in items)
                {
                    WriteValue(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd('.');
}
