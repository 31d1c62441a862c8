using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using ReSTEM.Core;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ReSTEM.Runs;

/// <summary>Fills a tree of configuration records from YAML nodes and collects every fault: unknown, missing, mistyped, out of range.</summary>
/// <param name="places">Where the nodes were written.</param>
/// <param name="root">Record of the whole configuration.</param>
internal sealed class ConfigBinder(NodePlaces places, Type root)
{
    private const int MostShown = 80;

    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);

    /// <summary>Faults so far.</summary>
    internal List<ConfigIssue> Issues { get; } = [];

    /// <summary>Places of keys that came from the command line instead of the file, by key path.</summary>
    internal Dictionary<string, string> Overridden { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a fault at the place of a key, or of the nearest parent that was given.</summary>
    internal void Fault(string path, string message) => Issues.Add(new ConfigIssue(PlaceOf(path), message));

    /// <summary>Where a key stands, or the nearest parent that was given.</summary>
    internal string PlaceOf(string path)
    {
        string key = path;
        while (key.Length > 0 && !_places.ContainsKey(key))
        {
            key = key.Contains('.', StringComparison.Ordinal) ? key[..key.LastIndexOf('.')] : "";
        }

        return _places.GetValueOrDefault(key, $"{places.File}:1:1");
    }

    /// <summary>Binds a node to a type; null when it is faulty.</summary>
    internal object? Bind(Type type, YamlNode node, string path)
    {
        _places[path] = Overridden.GetValueOrDefault(path, places.Of(node));
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            type = underlying;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return BindList(type.GetGenericArguments()[0], node, path);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            return BindMap(type.GetGenericArguments()[1], node, path);
        }

        return type.IsEnum || type == typeof(string) || type.IsPrimitive ? BindScalar(type, node, path) : BindRecord(type, node, path);
    }

    private object? BindRecord(Type type, YamlNode node, string path)
    {
        if (node is YamlScalarNode { Value.Length: > 0 } text && type.GetCustomAttribute<ShortFormAttribute>() is { } form)
        {
            node = new YamlMappingNode(new YamlScalarNode(ConfigNames.Of(form.Property)), text);
        }

        if (node is not YamlMappingNode mapping)
        {
            Fault(path, $"{Shown(path)} is {Describe(node)}, expected keys and values.");
            return null;
        }

        var keys = ConfigNames.Keys(type).ToDictionary(key => key.Name);
        object record = RuntimeHelpers.GetUninitializedObject(type);
        type.GetConstructor(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, [])!.Invoke(record, null);
        foreach (var (key, value) in mapping.Children)
        {
            BindProperty(record, keys, key, value, path);
        }

        foreach (var (name, key) in keys)
        {
            RefuseBoth(mapping, key, Join(path, name));
            if (key.Property.GetCustomAttribute<RequiredMemberAttribute>() is not null && !Has(mapping, name))
            {
                Fault(path, $"{Shown(Join(path, name))} is missing, expected a value.");
            }
        }

        return record;
    }

    /// <summary>Of two settings of which one stands in for the other, both are there; a 0 of the other, as it is written back, says nothing.</summary>
    private void RefuseBoth(YamlMappingNode mapping, ConfigKey key, string path)
    {
        if (key.Property.GetCustomAttribute<InPlaceOfAttribute>() is { } other && Has(mapping, key.Name)
            && mapping.Children.TryGetValue(new YamlScalarNode(ConfigNames.Of(other.Property)), out YamlNode? value)
            && value is not YamlScalarNode { Value: "0" })
        {
            Fault(path, $"{path} and {ConfigNames.Of(other.Property)} are both there, expected one of them.");
        }
    }

    private void BindProperty(object record, Dictionary<string, ConfigKey> keys, YamlNode key, YamlNode value, string path)
    {
        string name = (key as YamlScalarNode)?.Value ?? "";
        if (!keys.TryGetValue(name, out ConfigKey? known))
        {
            string place = Overridden.GetValueOrDefault(Join(path, name), places.Of(key));
            Issues.Add(new ConfigIssue(place, UnknownKeys.Message(root, Join(path, name), name, value, keys.Keys)));
            return;
        }

        string at = Join(path, name);
        if (Bind(known.Property.PropertyType, value, at) is { } bound)
        {
            CheckAttributes(known.Property, bound, at);
            bool isPlace = bound is string { Length: > 0 } && known.Property.GetCustomAttribute<PlaceAttribute>() is not null;
            known.Set(record, isPlace ? places.Rebased((string)bound, value) : bound);
        }
    }

    private void CheckAttributes(PropertyInfo property, object bound, string path)
    {
        if (bound is "" && property.GetCustomAttribute<RequiredMemberAttribute>() is not null)
        {
            Fault(path, $"{path} is empty, expected a text.");
            return;
        }

        if (property.GetCustomAttribute<RangeAttribute>() is { } range && !range.IsValid(bound))
        {
            Fault(path, string.Create(CultureInfo.InvariantCulture, $"{path} is {bound}, expected {RangeText.Of(range)}."));
        }

        if (property.GetCustomAttribute<RegularExpressionAttribute>() is { } pattern && !pattern.IsValid(bound))
        {
            Fault(path, $"{path} is '{Short((string)bound)}', expected a value of the form {pattern.Pattern}.");
        }
    }

    private object BindList(Type element, YamlNode node, string path)
    {
        var items = node is YamlSequenceNode sequence ? sequence.Children : [node];
        var bound = items.Select((item, i) => Bind(element, item, $"{path}.{i}")).Where(item => item is not null).ToArray();
        Array list = Array.CreateInstance(element, bound.Length);
        Array.Copy(bound, list, bound.Length);
        return list;
    }

    private object? BindMap(Type element, YamlNode node, string path)
    {
        if (node is not YamlMappingNode mapping)
        {
            Fault(path, $"{Shown(path)} is {Describe(node)}, expected names and values.");
            return null;
        }

        var map = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), element))!;
        foreach (var (key, value) in mapping.Children)
        {
            string name = (key as YamlScalarNode)?.Value ?? "";
            if (Bind(element, value, Join(path, name)) is { } bound)
            {
                map[name] = bound;
            }
        }

        return map;
    }

    private object? BindScalar(Type type, YamlNode node, string path)
    {
        if (node is YamlScalarNode { Value: { } text } scalar && Parse(type, text, scalar.Style) is { } value)
        {
            return value;
        }

        Fault(path, $"{path} is {Describe(node)}, expected {Expected(type)}.");
        return null;
    }

    private static object? Parse(Type type, string text, ScalarStyle style)
    {
        if (type == typeof(string))
        {
            return style is ScalarStyle.Plain && text is "" or "null" or "~" ? null : text;
        }

        if (type.IsEnum)
        {
            return Enum.GetValues(type).Cast<object>().FirstOrDefault(member => ConfigNames.OfMember((Enum)member) == text);
        }

        var invariant = CultureInfo.InvariantCulture;
        string digits = text.Replace("_", "", StringComparison.Ordinal);
        return type == typeof(bool) ? (text is "true" or "false" ? text == "true" : null)
            : type == typeof(int) ? (int.TryParse(digits, NumberStyles.AllowLeadingSign, invariant, out int i) ? i : null)
            : type == typeof(long) ? (long.TryParse(digits, NumberStyles.AllowLeadingSign, invariant, out long l) ? l : null)
            : type == typeof(ulong) ? (ulong.TryParse(digits, NumberStyles.AllowLeadingSign, invariant, out ulong u) ? u : null)
            : type == typeof(float) ? (float.TryParse(digits, NumberStyles.Float, invariant, out float f) && float.IsFinite(f) ? f : null)
            : type == typeof(double) ? (double.TryParse(digits, NumberStyles.Float, invariant, out double d) && double.IsFinite(d) ? d : null)
            : throw new ArgumentException($"type is {type}, expected text, bool, enum, int, long, ulong, float or double.", nameof(type));
    }

    private static string Expected(Type type) =>
        type.IsEnum ? "one of " + string.Join(", ", Enum.GetNames(type).Select(name => ConfigNames.OfMember(type, name)))
        : type == typeof(bool) ? "true or false"
        : type == typeof(ulong) ? "a whole number of at least 0"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(double) || type == typeof(float) ? "a number"
        : "a text";

    /// <summary>What stands there, in words.</summary>
    internal static string Describe(YamlNode node) => node switch
    {
        YamlScalarNode { Value: "" or null } => "empty",
        YamlScalarNode scalar => $"'{Short(scalar.Value)}'",
        YamlSequenceNode => "a list",
        _ => "a group of keys",
    };

    private static string Short(string text) =>
        (text.Length > MostShown ? $"{text[..MostShown]}... ({text.Length} characters)" : text).Replace("\n", "\\n", StringComparison.Ordinal);

    private static bool Has(YamlMappingNode mapping, string name) =>
        mapping.Children.Keys.Any(key => key is YamlScalarNode { Value: { } text } && text == name);

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Shown(string path) => path.Length == 0 ? "the configuration" : path;
}
