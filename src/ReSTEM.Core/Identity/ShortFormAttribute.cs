namespace ReSTEM.Core;

/// <summary>A record that may be written as one text instead of keys and values, when nothing but this property is said.</summary>
/// <param name="property">Name of the property, a text.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ShortFormAttribute(string property) : Attribute
{
    /// <summary>Name of the property.</summary>
    public string Property { get; } = property;
}
