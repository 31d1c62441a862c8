using System.Numerics;

namespace ReSTEM.Sandbox;

/// <summary>What a <see cref="PyValue"/> is.</summary>
internal enum PyKind
{
    None,
    Bool,
    Int,
    Float,
    Complex,
    Text,
    Bytes,
    List,
    Tuple,
    Set,
    FrozenSet,
    Deque,
    Dict,
    Range,

    /// <summary>A fraction, a decimal number, a date, a time or an array of numpy: the name of its class, and what it is made of.</summary>
    Object,

    /// <summary>A built-in type, by name.</summary>
    Type,

    /// <summary>An object that stayed in its process, known by its number.</summary>
    Handle,
}

/// <summary>A plain Python value outside of Python. Which members count depends on <see cref="Kind"/>.</summary>
internal sealed class PyValue
{
    public static readonly PyValue None = new() { Kind = PyKind.None };

    private static readonly PyValue True = new() { Kind = PyKind.Bool, Integer = 1 };
    private static readonly PyValue False = new() { Kind = PyKind.Bool };

    public required PyKind Kind { get; init; }

    /// <summary>Int, and Bool as 0 or 1.</summary>
    public BigInteger Integer { get; init; }

    /// <summary>Float, and Complex.</summary>
    public Complex Number { get; init; }

    /// <summary>Text, with lone surrogates kept; the name of a Type or an Object's class; the type name of a Handle; of a Dict <c>OrderedDict</c> or <c>Counter</c>.</summary>
    public string Text { get; init; } = "";

    public byte[] Bytes { get; init; } = [];

    /// <summary>The items of a collection; keys and values in turn for Dict; start, stop, step for Range.</summary>
    public PyValue[] Items { get; init; } = [];

    public int HandleNumber { get; init; }

    public static PyValue Of(bool value) => value ? True : False;

    public static PyValue Of(BigInteger value) => new() { Kind = PyKind.Int, Integer = value };

    public static PyValue Of(double value) => new() { Kind = PyKind.Float, Number = value };

    public static PyValue Of(string value) => new() { Kind = PyKind.Text, Text = value };

    public static PyValue Of(ReadOnlyMemory<byte> value) => new() { Kind = PyKind.Bytes, Bytes = value.ToArray() };

    public static PyValue Collection(PyKind kind, params PyValue[] items) => new() { Kind = kind, Items = items };

    public static PyValue ListOf(IEnumerable<PyValue> items) => Collection(PyKind.List, [.. items]);

    public static PyValue TupleOf(params PyValue[] items) => Collection(PyKind.Tuple, items);
}
