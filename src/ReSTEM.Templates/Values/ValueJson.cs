using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace ReSTEM.Templates;

/// <summary>How JSON is laid out.</summary>
/// <param name="Indent">Before each level; null for one line.</param>
/// <param name="ItemSeparator">Between items.</param>
/// <param name="KeySeparator">Between key and value.</param>
/// <param name="SortKeys">Whether keys are sorted.</param>
/// <param name="AsciiOnly">Whether every other character is escaped.</param>
internal sealed record JsonLayout(string? Indent, string ItemSeparator, string KeySeparator, bool SortKeys, bool AsciiOnly);

/// <summary>Values from JSON, and to JSON as Python's json.dumps writes it.</summary>
internal static class ValueJson
{
    private const int MostDepth = 100;

    /// <summary>A value of a template.</summary>
    internal static object Read(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                var dict = new DictValue();
                foreach (JsonProperty property in json.EnumerateObject())
                {
                    dict.Set(property.Name, Read(property.Value));
                }

                return dict;
            case JsonValueKind.Array:
                return new ListValue([.. json.EnumerateArray().Select(Read)]);
            case JsonValueKind.String:
                return json.GetString()!;
            case JsonValueKind.Number:
                return ReadNumber(json.GetRawText());
            case JsonValueKind.True or JsonValueKind.False:
                return json.ValueKind is JsonValueKind.True;
            default:
                return None.Value;
        }
    }

    private static object ReadNumber(string text) => text.AsSpan().ContainsAny(".eE")
        ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
        : WholeNumbers.Parse(text, 10) is { } number
            ? number
            : throw new TemplateException($"a number has {text.Length} digits, expected at most {WholeNumbers.MostDigits}.");

    /// <exception cref="TemplateException">JSON has no such value.</exception>
    internal static string Write(object value, JsonLayout layout, RenderBudget budget)
    {
        var written = new StringBuilder();
        Write(written, value, layout, 0, budget);
        return budget.Charge(written.ToString());
    }

    private static void Write(StringBuilder written, object value, JsonLayout layout, int depth, RenderBudget budget)
    {
        RenderBudget.RequireRoom(written.Length);
        if (depth > MostDepth)
        {
            throw new TemplateException($"values are nested more than {MostDepth} deep, expected at most that.");
        }

        switch (value)
        {
            case string text:
                WriteText(written, text, layout.AsciiOnly);
                break;
            case ListValue { Kind: ListKind.List or ListKind.Tuple } list:
                WriteGroup(written, '[', ']', list.Items, layout, depth, item => Write(written, item, layout, depth + 1, budget));
                break;
            case DictValue dict:
                var items = layout.SortKeys ? ValueOrder.Sort(dict.Keys, key => key, false, budget).Select(key => KeyValuePair.Create(key, dict.Find(key)!)) : dict.Items;
                WriteGroup(written, '{', '}', [.. items], layout, depth, item =>
                {
                    WriteText(written, Key(item.Key), layout.AsciiOnly);
                    written.Append(layout.KeySeparator);
                    Write(written, item.Value, layout, depth + 1, budget);
                });
                break;
            default:
                written.Append(Scalar(value));
                break;
        }
    }

    private static void WriteGroup<T>(
        StringBuilder written, char open, char close, IReadOnlyList<T> items, JsonLayout layout, int depth, Action<T> write)
    {
        written.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            written.Append(i > 0 ? layout.ItemSeparator : "");
            BreakLine(written, layout, depth + 1);
            write(items[i]);
        }

        if (items.Count > 0)
        {
            BreakLine(written, layout, depth);
        }

        written.Append(close);
    }

    private static void BreakLine(StringBuilder written, JsonLayout layout, int depth)
    {
        if (layout.Indent is null)
        {
            return;
        }

        written.Append('\n');
        for (int i = 0; i < depth; i++)
        {
            written.Append(layout.Indent);
        }
    }

    private static string Scalar(object value) => value switch
    {
        None => "null",
        bool flag => flag ? "true" : "false",
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        double number when double.IsFinite(number) => FloatText.Of(number),
        double number => double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity",
        _ => throw new TemplateException($"a value of type {ValueKinds.NameOf(value)} is written as JSON, expected text, numbers, lists and dicts."),
    };

    private static string Key(object key) => key as string ?? (key is ListValue ? throw new TemplateException(
        $"a key of type {ValueKinds.NameOf(key)} is written as JSON, expected text or a number.") : Scalar(key));

    private static void WriteText(StringBuilder written, string text, bool asciiOnly)
    {
        written.Append('"');
        foreach (char character in text)
        {
            switch (character)
            {
                case '"' or '\\':
                    written.Append('\\').Append(character);
                    break;
                case '\n' or '\r' or '\t' or '\b' or '\f':
                    written.Append('\\').Append("btn?fr"[character - '\b']);
                    break;
                case < ' ':
                case > '~' when asciiOnly:
                    written.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
                    break;
                default:
                    written.Append(character);
                    break;
            }
        }

        written.Append('"');
    }
}
