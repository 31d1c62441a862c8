using System.Collections;
using System.Globalization;
using System.Reflection;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Settings of a configuration as names and values.</summary>
public static class Settings
{
    /// <summary>
    /// Every setting that changes results, by key path, defaults among them. Left out are records that change speed only, and places:
    /// what lies there counts, not where.
    /// </summary>
    /// <param name="config">A configuration record.</param>
    public static IEnumerable<KeyValuePair<string, string>> ThatChangeResults(object config) => OfRecord("", config);

    private static IEnumerable<KeyValuePair<string, string>> OfRecord(string path, object record) => ConfigNames.Keys(record.GetType())
        .Where(key => !typeof(IChangesSpeedOnly).IsAssignableFrom(key.Property.DeclaringType))
        .Where(key => key.Property.GetCustomAttribute<PlaceAttribute>() is null)
        .SelectMany(key => key.Get(record) is { } value ? OfValue(path + key.Name, value) : []);

    private static IEnumerable<KeyValuePair<string, string>> OfValue(string path, object value) => value switch
    {
        string or bool or Enum or IFormattable => [KeyValuePair.Create(path, Text(value))],
        IChangesSpeedOnly => [],
        IDictionary map => map.Keys.Cast<object>().SelectMany(key => OfValue($"{path}.{key}", map[key]!)),
        IEnumerable list => OfList(path, [.. list.Cast<object>()]),
        _ => OfRecord(path + ".", value),
    };

    private static IEnumerable<KeyValuePair<string, string>> OfList(string path, object[] items) =>
        items.All(item => item is string or bool or Enum or IFormattable)
            ? [KeyValuePair.Create(path, $"[{string.Join(", ", items.Select(Text))}]")]
            : items.SelectMany((item, i) => OfValue($"{path}.{i}", item));

    private static string Text(object value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        Enum member => ConfigNames.OfMember(member),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"value is of type {value.GetType()}, expected a scalar.", nameof(value)),
    };
}
