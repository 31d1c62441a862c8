using System.Numerics;

namespace ReSTEM.Templates;

/// <summary>Types of values, as Python names them, and their truth.</summary>
internal static class ValueKinds
{
    internal static string NameOf(object value) => value switch
    {
        None => "NoneType",
        Undefined => "Undefined",
        bool => "bool",
        BigInteger => "int",
        double => "float",
        string => "str",
        DictValue => "dict",
        ListValue { Kind: ListKind.List } => "list",
        ListValue { Kind: ListKind.Tuple } => "tuple",
        ListValue { Kind: ListKind.Range } => "range",
        ListValue => "view",
        NamespaceValue => "Namespace",
        IteratorValue => "generator",
        LoopValue => "LoopContext",
        _ => "function",
    };

    internal static bool IsTrue(object value) => value switch
    {
        None or Undefined => false,
        bool flag => flag,
        BigInteger number => !number.IsZero,
        double number => number != 0,
        string text => text.Length > 0,
        ListValue list => list.Items.Count > 0,
        DictValue dict => dict.Count > 0,
        _ => true,
    };

    internal static bool IsNumber(object value) => value is bool or BigInteger or double;

    /// <summary>The values that a loop goes over; null for what has none.</summary>
    internal static IEnumerable<object>? Enumerate(object value) => value switch
    {
        ListValue list => list.Items,
        DictValue dict => dict.Keys,
        string text => CodePoints.Of(text),
        Undefined => [],
        IteratorValue iterator => iterator.Rest(),
        LoopValue loop => loop.Rest(),
        _ => null,
    };

    /// <exception cref="TemplateException">The value has no items.</exception>
    internal static IEnumerable<object> Items(object value) =>
        Enumerate(value) ?? throw new TemplateException($"a value is of type {NameOf(value)}, expected one with items.");

    /// <summary>How many items a value has; null for what cannot say.</summary>
    internal static int? Length(object value) => value switch
    {
        string text => CodePoints.Count(text),
        ListValue list => list.Items.Count,
        DictValue dict => dict.Count,
        Undefined => 0,
        LoopValue loop => loop.Length,
        _ => null,
    };
}
