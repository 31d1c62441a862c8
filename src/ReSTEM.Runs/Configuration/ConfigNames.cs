using System.Reflection;
using System.Text;

namespace ReSTEM.Runs;

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

    /// <summary>The settable properties of a configuration record, in the order of its source.</summary>
    internal static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .OrderBy(property => property.MetadataToken);
}
