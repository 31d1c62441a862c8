using System.Text;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Writes the arguments of calls as <see cref="CodeCase.Input"/> has them.</summary>
internal static class Arguments
{
    /// <summary>A JSON value whose objects are dictionaries with keys that are texts.</summary>
    /// <exception cref="InvalidDataException">A text in it is not valid Unicode.</exception>
    internal static string Of(DataRow row, string field, JsonElement value) => Of(row, field, value, PythonShape.AsIs);

    /// <summary>A JSON list of arguments, of which a form says what Python makes of each.</summary>
    /// <param name="row">For messages.</param>
    /// <param name="field">For messages.</param>
    /// <param name="value">The list.</param>
    /// <param name="shapes">One for each argument; the last one is for all that follow.</param>
    /// <exception cref="InvalidDataException">It is no list, or a value cannot have its shape.</exception>
    internal static string Of(DataRow row, string field, JsonElement value, params ReadOnlySpan<PythonShape> shapes)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw row.Bad(field, DataRow.Shorten(value.GetRawText()), "lists of arguments");
        }

        var text = new StringBuilder("[");
        int index = 0;
        foreach (JsonElement argument in value.EnumerateArray())
        {
            text.Append(index == 0 ? "" : ",");
            Write(row, field, text, argument, shapes[Math.Min(index, shapes.Length - 1)]);
            index++;
        }

        return text.Append(']').ToString();
    }

    /// <summary>A list of arguments from lines of JSON, one argument each (LiveCodeBench).</summary>
    /// <exception cref="InvalidDataException">A line is no JSON.</exception>
    internal static string OfLines(DataRow row, string field, string lines) => "["
        + string.Join(',', lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => Value(row, field, JsonInText.Parse(row, field, line))))
        + "]";

    /// <summary>Any JSON value.</summary>
    /// <exception cref="InvalidDataException">A text in it is not valid Unicode.</exception>
    internal static string Value(DataRow row, string field, JsonElement value)
    {
        var text = new StringBuilder();
        Write(row, field, text, value, PythonShape.AsIs);
        return text.ToString();
    }

    private static void Write(DataRow row, string field, StringBuilder text, JsonElement value, PythonShape shape)
    {
        switch (shape.Kind)
        {
            case PythonShapeKind.Complex or PythonShapeKind.Float when value.ValueKind == JsonValueKind.String:
                text.Append(PythonShape.NumberOf(value.GetString() ?? "", shape.Kind)
                    ?? throw row.Bad(field, DataRow.Shorten(value.GetRawText()), "a number in a text"));
                return;
            case PythonShapeKind.DictWithIntegerKeys when value.ValueKind == JsonValueKind.Object && HasIntegerKeys(value):
                Join(text, $"{{\"{PythonJson.Dict}\":[", value.EnumerateObject(), pair =>
                {
                    text.Append('[').Append(pair.Name).Append(',');
                    Write(row, field, text, pair.Value, PythonShape.AsIs);
                    text.Append(']');
                }, "]}");
                return;
            default:
                break;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                Valid(row, field, value);
                text.Append(value.GetRawText());
                break;
            case JsonValueKind.Array:
                WriteList(row, field, text, value, shape);
                break;
            case JsonValueKind.Object:
                WriteObject(row, field, text, value, shape);
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void WriteList(DataRow row, string field, StringBuilder text, JsonElement value, PythonShape shape)
    {
        bool deep = shape.Kind is PythonShapeKind.TuplesAllTheWay;
        var (open, close) = shape.Kind switch
        {
            PythonShapeKind.Tuple or PythonShapeKind.TuplesAllTheWay => ($"{{\"{PythonJson.Tuple}\":[", "]}"),
            PythonShapeKind.SetOrEmptyDict when value.GetArrayLength() == 0 => ($"{{\"{PythonJson.Dict}\":[", "]}"),
            PythonShapeKind.SetOrEmptyDict => ($"{{\"{PythonJson.Set}\":[", "]}"),
            _ => ("[", "]"),
        };
        Join(text, open, value.EnumerateArray(), item => Write(row, field, text, item, deep ? shape : shape.Inner ?? PythonShape.AsIs), close);
    }

    // An object of one key that looks like a mark is written as the dictionary that it is, unless it is one that was put there for NaN.
    private static void WriteObject(DataRow row, string field, StringBuilder text, JsonElement value, PythonShape shape)
    {
        PythonShape inner = shape.Inner ?? PythonShape.AsIs;
        if (value.EnumerateObject().ToList() is [var only] && PythonJson.IsMark(row.Name(only)))
        {
            if (only.Name == PythonJson.Float && only.Value.ValueKind == JsonValueKind.String && only.Value.ValueEquals("nan"))
            {
                text.Append(value.GetRawText());
                return;
            }

            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{{\"{PythonJson.Dict}\":[[\"{only.Name}\",");
            Write(row, field, text, only.Value, inner);
            text.Append("]]}");
            return;
        }

        Join(text, "{", value.EnumerateObject(), pair =>
        {
            text.Append(JsonSerializer.Serialize(row.Name(pair))).Append(':');
            Write(row, field, text, pair.Value, inner);
        }, "}");
    }

    private static void Join<T>(StringBuilder text, string open, IEnumerable<T> items, Action<T> write, string close)
    {
        text.Append(open);
        bool first = true;
        foreach (T item in items)
        {
            text.Append(first ? "" : ",");
            first = false;
            write(item);
        }

        text.Append(close);
    }

    private static bool HasIntegerKeys(JsonElement value) => value.EnumerateObject().Any()
        && value.EnumerateObject().All(pair => PythonShape.IsInteger(pair.Name));

    private static void Valid(DataRow row, string field, JsonElement value)
    {
        try
        {
            _ = value.GetString();
        }
        catch (InvalidOperationException) // an escape such as \ud800 that is half a character
        {
            throw row.Bad(field, "not valid text", "valid Unicode");
        }
    }
}
