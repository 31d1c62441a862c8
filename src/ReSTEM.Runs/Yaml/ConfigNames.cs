using System.Reflection;
using System.Runtime.Serialization;
using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A key of a configuration record.</summary>
/// <param name="Name">As it is written in YAML.</param>
/// <param name="Property">The property that it sets.</param>
/// <param name="Inline">The property of the record that holds the nested record with <paramref name="Property"/>; null for one of its own.</param>
internal sealed record ConfigKey(string Name, PropertyInfo Property, PropertyInfo? Inline)
{
    /// <summary>Its value in a record.</summary>
    internal object? Get(object record) => Property.GetValue(Owner(record));

    /// <summary>Sets it in a record that nobody else has yet.</summary>
    internal void Set(object record, object value) => Property.SetValue(Owner(record), value);

    private object Owner(object record) => Inline is null ? record : Inline.GetValue(record)!;
}

/// <summary>Keys and values as they are written in YAML: the property and member names in snake case.</summary>
internal static class ConfigNames
{
    /// <summary><c>KeepLimit</c> becomes <c>keep_limit</c>, <c>EStep</c> becomes <c>e_step</c>.</summary>
    internal static string Of(string name)
    {
        var text = new StringBuilder();
        for (int i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]))
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    /// <summary>A member of an enumeration as it is written: in snake case, unless it says otherwise.</summary>
    internal static string OfMember(Enum member) => OfMember(member.GetType(), member.ToString());

    /// <summary>The same, by its name.</summary>
    internal static string OfMember(Type type, string member) =>
        type.GetField(member)?.GetCustomAttribute<EnumMemberAttribute>()?.Value ?? Of(member);

    /// <summary>The keys of a configuration record, in the order of its source; those of an inline record stand where it stands.</summary>
    internal static IEnumerable<ConfigKey> Keys(Type type) => Properties(type).SelectMany(property =>
        property.GetCustomAttribute<InlineAttribute>() is null
            ? [new ConfigKey(Of(property.Name), property, null)]
            : Properties(property.PropertyType).Select(inner => new ConfigKey(Of(inner.Name), inner, property)));

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .OrderBy(property => property.MetadataToken);
}
