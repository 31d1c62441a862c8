namespace ReSTEM.Core;

/// <summary>A setting that says where something lies: what lies there is part of a <see cref="RunIdentity"/>, the place is not.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PlaceAttribute : Attribute;

/// <summary>The settings of a nested record stand among those of the record that has it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InlineAttribute : Attribute;
