namespace ReSTEM.Runs;

/// <summary>A key of a configuration with its whole path.</summary>
/// <param name="Path">Items of lists stand as <c>N</c>, the user's own names as <c>NAME</c>: <c>evaluations.NAME.measure.samples</c>.</param>
/// <param name="Key">The key.</param>
internal sealed record KeyPlace(string Path, ConfigKey Key);

/// <summary>Every key that a configuration may have.</summary>
internal static class KeyTree
{
    /// <summary>All keys below a record, in the order of their source, groups before what is in them.</summary>
    internal static IEnumerable<KeyPlace> Of(Type root) => Below(root, "", []);

    /// <summary>The record that a key's value, or each item of it, is bound to; null for a value without keys.</summary>
    internal static Type? RecordOf(Type type) => ElementOf(type) is { IsEnum: false, IsPrimitive: false } element && element != typeof(string) ? element : null;

    /// <summary>What is left of a type without null, list and names around it.</summary>
    internal static Type ElementOf(Type type) => Nullable.GetUnderlyingType(type) is { } underlying ? underlying
        : IsList(type) ? type.GetGenericArguments()[0]
        : IsMap(type) ? type.GetGenericArguments()[1]
        : type;

    internal static bool IsList(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>);

    internal static bool IsMap(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>);

    /// <summary>What a part of the path stands for below a key of a type.</summary>
    internal static string PartOf(Type type) => IsList(type) ? ".N" : IsMap(type) ? ".NAME" : "";

    private static IEnumerable<KeyPlace> Below(Type record, string prefix, IReadOnlyList<Type> above)
    {
        foreach (ConfigKey key in ConfigNames.Keys(record))
        {
            string path = prefix + key.Name;
            yield return new KeyPlace(path, key);
            Type type = key.Property.PropertyType;
            if (RecordOf(type) is not { } inner || above.Contains(inner) || inner == record)
            {
                continue;
            }

            foreach (KeyPlace below in Below(inner, $"{path}{PartOf(type)}.", [.. above, record]))
            {
                yield return below;
            }
        }
    }
}
