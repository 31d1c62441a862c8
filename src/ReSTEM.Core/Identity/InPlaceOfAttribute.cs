namespace ReSTEM.Core;

/// <summary>A setting that stands in for another of its record: a configuration gives one of them. The other then reads as 0.</summary>
/// <param name="property">Name of the other property, a number.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InPlaceOfAttribute(string property) : Attribute
{
    /// <summary>Name of the other property.</summary>
    public string Property { get; } = property;
}
