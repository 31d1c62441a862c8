using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Writes a configuration with every default, in the form it can be read in again.</summary>
public static class ConfigWriter
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The whole record as YAML.</summary>
    /// <param name="config">A configuration record.</param>
    /// <param name="except">Top-level keys to leave out.</param>
    public static string Write(object config, params string[] except) => Write(config, place => place, except);

    /// <summary>The whole record as YAML, for another folder than the one that its relative paths begin at.</summary>
    /// <param name="config">A configuration record.</param>
    /// <param name="place">Says of a path, as the record has it, what is written.</param>
    /// <param name="except">Top-level keys to leave out.</param>
    public static string Write(object config, Func<string, string> place, params string[] except)
    {
        var text = new StringBuilder();
        WriteRecord(text, config, 0, place, except);
        return text.ToString();
    }

    private static void WriteRecord(StringBuilder text, object record, int depth, Func<string, string> place, params string[] except)
    {
        foreach (ConfigKey key in ConfigNames.Keys(record.GetType()))
        {
            if (!except.Contains(key.Name) && Placed(key, record, place) is { } value)
            {
                WriteValue(text, key.Name, value, depth, place);
            }
        }
    }

    /// <summary>A key's value, a path as it is to be written.</summary>
    private static object? Placed(ConfigKey key, object record, Func<string, string> place) =>
        key.Get(record) is string { Length: > 0 } path && key.Property.GetCustomAttribute<PlaceAttribute>() is not null ? place(path) : key.Get(record);

    private static void WriteValue(StringBuilder text, string name, object value, int depth, Func<string, string> place)
    {
        text.Append(' ', 2 * depth).Append(name).Append(':');
        switch (value)
        {
            case string or bool or Enum or IFormattable:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
            case IDictionary map:
                text.Append(map.Count == 0 ? " {}\n" : "\n");
                foreach (DictionaryEntry entry in map)
                {
                    WriteValue(text, Key((string)entry.Key), entry.Value!, depth + 1, place);
                }

                break;
            case IEnumerable list:
                WriteList(text, [.. list.Cast<object>()], depth, place);
                break;
            default:
                text.Append('\n');
                WriteRecord(text, value, depth + 1, place);
                break;
        }
    }

    private static void WriteList(StringBuilder text, object[] items, int depth, Func<string, string> place)
    {
        object[] shortened = [.. items.Select(item => Shortened(item, place))];
        if (shortened.All(item => item is string or bool or Enum or IFormattable))
        {
            text.Append(" [").AppendJoin(", ", shortened.Select(Scalar)).Append("]\n");
            return;
        }

        text.Append('\n');
        foreach (object item in items)
        {
            var inner = new StringBuilder();
            WriteRecord(inner, item, depth + 2, place);
            inner[(2 * depth) + 2] = '-';
            text.Append(inner);
        }
    }

    /// <summary>The text that stands for a record of which nothing else is said; the record itself where more is.</summary>
    private static object Shortened(object item, Func<string, string> place)
    {
        string? form = item.GetType().GetCustomAttribute<ShortFormAttribute>()?.Property;
        ConfigKey[] given = form is null ? [] : [.. ConfigNames.Keys(item.GetType()).Where(key => key.Get(item) is not (null or 0))];
        return given is [{ } one] && one.Property.Name == form ? Placed(one, item, place)! : item;
    }

    /// <summary>A name that is the user's own is quoted where YAML might read it as something else.</summary>
    private static string Key(string name) =>
        name.Length > 0 && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_') ? name : Scalar(name);

    private static string Scalar(object value) => value switch
    {
        string text => JsonSerializer.Serialize(text, Readable),
        bool flag => flag ? "true" : "false",
        Enum member => ConfigNames.OfMember(member),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"value is of type {value.GetType()}, expected a scalar.", nameof(value)),
    };
}
