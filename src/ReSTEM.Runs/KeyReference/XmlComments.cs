using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ReSTEM.Runs;

/// <summary>Summaries of types and members, out of the files that the compiler writes beside the assemblies.</summary>
internal sealed partial class XmlComments
{
    private readonly Dictionary<string, XElement> _members;

    private XmlComments(Dictionary<string, XElement> members) => _members = members;

    /// <summary>Reads the comments of assemblies.</summary>
    /// <exception cref="FileNotFoundException">An assembly has no file of comments beside it.</exception>
    internal static XmlComments Of(params Assembly[] assemblies) => new(assemblies
        .SelectMany(assembly => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member"))
        .GroupBy(member => member.Attribute("name")!.Value) // what the compiler generates may be in several assemblies
        .ToDictionary(members => members.Key, members => members.First()));

    /// <summary>The summary of a record or enumeration in one line.</summary>
    internal string Of(Type type) => Text($"T:{Name(type)}");

    /// <summary>The summary of a property in one line.</summary>
    internal string Of(PropertyInfo property) => Text($"P:{Name(property.DeclaringType!)}.{property.Name}");

    /// <summary>The summary of a member of an enumeration in one line.</summary>
    internal string Of(Type type, string member) => Text($"F:{Name(type)}.{member}");

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private string Text(string member)
    {
        if (!_members.TryGetValue(member, out XElement? comment) || comment.Element("summary") is not { } summary)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (XNode node in summary.Nodes())
        {
            text.Append(node is XElement element ? Shown(element) : ((XText)node).Value);
        }

        return Blanks().Replace(text.ToString(), " ").Trim();
    }

    /// <summary>Code stays code; what is referred to is named as in a configuration.</summary>
    private static string Shown(XElement element) => element.Attribute("cref")?.Value is { } reference
        ? reference[0] is 'T' ? Plain(reference) : $"`{ConfigNames.Of(Plain(reference))}`"
        : element.Name == "c" ? $"`{element.Value}`"
        : element.Value;

    private static string Plain(string reference) => reference[(reference.LastIndexOf('.') + 1)..];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
