using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Types, ranges and defaults of keys in words.</summary>
internal static class ValueText
{
    /// <summary>What a key takes: <c>whole number, 1 to 1000</c>.</summary>
    internal static string TypeOf(PropertyInfo property)
    {
        Type type = property.PropertyType;
        string one = Scalar(property, KeyTree.ElementOf(type));
        return KeyTree.IsList(type) ? $"list of: {one}" : KeyTree.IsMap(type) ? $"names, each with: {one}" : one;
    }

    /// <summary>The default of a key: <c>3</c>, <c>required</c>, <c>none</c>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="record">A record with its defaults; null where there is none.</param>
    internal static string DefaultOf(ConfigKey key, object? record) => IsRequired(key.Property) ? "required"
        : record is null ? "none"
        : Value(key.Get(record));

    /// <summary>Whether a configuration must say it.</summary>
    internal static bool IsRequired(PropertyInfo property) =>
        property.GetCustomAttribute<System.Runtime.CompilerServices.RequiredMemberAttribute>() is not null;

    private static string Scalar(PropertyInfo property, Type type)
    {
        string range = property.GetCustomAttribute<RangeAttribute>() is { } found ? ", " + RangeText.Of(found) : "";
        return type.IsEnum ? "one of " + string.Join(", ", Members(type).Select(name => $"`{ConfigNames.OfMember(type, name)}`"))
            : type == typeof(bool) ? "`true` or `false`"
            : type == typeof(string) ? property.GetCustomAttribute<PlaceAttribute>() is not null ? "path" : Form(property)
            : type == typeof(int) || type == typeof(long) || type == typeof(ulong) ? "whole number" + range
            : type.IsPrimitive ? "number" + range
            : type.GetCustomAttribute<ShortFormAttribute>() is { } form ? $"{ConfigNames.Of(form.Property)}, or keys"
            : "keys";
    }

    private static string Form(PropertyInfo property) => property.GetCustomAttribute<RegularExpressionAttribute>() is { } pattern
        ? $"text of the form `{pattern.Pattern.Replace("|", "\\|", StringComparison.Ordinal)}`"
        : "text";

    /// <summary>Members of an enumeration, none twice, in the order of their values.</summary>
    internal static IEnumerable<string> Members(Type type) => Enum.GetNames(type);

    private static string Value(object? value) => value switch
    {
        null or "" => "none",
        string text => JsonSerializer.Serialize(text).Replace("\\u003C", "<", StringComparison.Ordinal),
        bool flag => flag ? "true" : "false",
        Enum member => ConfigNames.OfMember(member),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IDictionary { Count: 0 } => "none",
        IEnumerable list => Inner(list) is { Length: > 0 } inner ? $"[{inner}]" : "none",
        _ => "see its keys",
    };

    private static string Inner(IEnumerable list) => string.Join(", ", list.Cast<object>().Select(Value));
}
