using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace ReSTEM.Sandbox;

/// <summary>Python values as bytes, in the form of sandbox/py_codec.py. Reading runs nothing and bounds everything.</summary>
internal static class PyCodec
{
    /// <summary>Deepest nesting.</summary>
    public const int MaxDepth = 250;

    // Surrogates pass through as three bytes each, as Python's "surrogatepass" writes them.
    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);

    /// <summary>The bytes of a value.</summary>
    public static byte[] Encode(PyValue value)
    {
        var writer = new ArrayBufferWriter<byte>();
        Write(writer, value);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>The value in the bytes.</summary>
    /// <exception cref="InvalidDataException">The bytes are no value, or more than one.</exception>
    public static PyValue Decode(ReadOnlySpan<byte> bytes)
    {
        int position = 0;
        var value = Read(bytes, ref position, 0);
        return position == bytes.Length
            ? value
            : throw new InvalidDataException($"Value is followed by {bytes.Length - position} bytes, expected none.");
    }

    private static void Write(ArrayBufferWriter<byte> writer, PyValue value)
    {
        switch (value.Kind)
        {
            case PyKind.None:
                Tag(writer, 'N');
                break;
            case PyKind.Bool:
                Tag(writer, value.Integer.IsZero ? 'F' : 'T');
                break;
            case PyKind.Int when value.Integer >= long.MinValue && value.Integer <= long.MaxValue:
                Tag(writer, 'i');
                BinaryPrimitives.WriteInt64LittleEndian(writer.GetSpan(8), (long)value.Integer);
                writer.Advance(8);
                break;
            case PyKind.Int:
                Block(writer, 'I', value.Integer.ToByteArray());
                break;
            case PyKind.Float:
                Tag(writer, 'd');
                Double(writer, value.Number.Real);
                break;
            case PyKind.Complex:
                Tag(writer, 'c');
                Double(writer, value.Number.Real);
                Double(writer, value.Number.Imaginary);
                break;
            case PyKind.Text:
                Block(writer, 's', EncodeText(value.Text));
                break;
            case PyKind.Bytes:
                Block(writer, 'b', value.Bytes);
                break;
            case PyKind.Type:
                Block(writer, 'y', EncodeText(value.Text));
                break;
            case PyKind.Range:
                Tag(writer, 'r');
                WriteAll(writer, value.Items);
                break;
            case PyKind.Object:
                Block(writer, 'k', EncodeText(value.Text));
                Write(writer, PyValue.TupleOf(value.Items));
                break;
            case PyKind.Dict when value.Text == "OrderedDict":
                Block(writer, 'k', EncodeText(value.Text));
                Write(writer, PyValue.TupleOf(PyValue.ListOf(value.Items.Chunk(2).Select(pair => PyValue.TupleOf(pair)))));
                break;
            case PyKind.Dict when value.Text.Length > 0:
                Block(writer, 'k', EncodeText(value.Text));
                Write(writer, PyValue.TupleOf(PyValue.Collection(PyKind.Dict, value.Items)));
                break;
            case PyKind.Handle:
                Size(writer, 'o', value.HandleNumber);
                WriteBytes(writer, EncodeText(value.Text), withLength: true);
                break;
            default:
                Size(writer, TagOf(value.Kind), value.Kind is PyKind.Dict ? value.Items.Length / 2 : value.Items.Length);
                WriteAll(writer, value.Items);
                break;
        }
    }

    private static void WriteAll(ArrayBufferWriter<byte> writer, PyValue[] items)
    {
        foreach (var item in items)
        {
            Write(writer, item);
        }
    }

    private static char TagOf(PyKind kind) => kind switch
    {
        PyKind.List => 'l',
        PyKind.Tuple => 't',
        PyKind.Set => 'S',
        PyKind.FrozenSet => 'Z',
        PyKind.Deque => 'q',
        PyKind.Dict => 'D',
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Kind has no tag of its own."),
    };

    private static PyValue Read(ReadOnlySpan<byte> bytes, ref int position, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException($"Value is nested deeper than {MaxDepth}.");
        }

        char tag = (char)Take(bytes, ref position, 1)[0];
        switch (tag)
        {
            case 'N':
                return PyValue.None;
            case 'T' or 'F':
                return PyValue.Of(tag == 'T');
            case 'i':
                return PyValue.Of(new BigInteger(BinaryPrimitives.ReadInt64LittleEndian(Take(bytes, ref position, 8))));
            case 'd':
                return PyValue.Of(ReadDouble(bytes, ref position));
            case 'c':
                var parts = (ReadDouble(bytes, ref position), ReadDouble(bytes, ref position));
                return new PyValue { Kind = PyKind.Complex, Number = new Complex(parts.Item1, parts.Item2) };
            case 'r':
                return PyValue.Collection(PyKind.Range, ReadItems(bytes, ref position, 3, depth));
        }

        uint size = BinaryPrimitives.ReadUInt32LittleEndian(Take(bytes, ref position, 4));
        return tag switch
        {
            's' => PyValue.Of(DecodeText(Take(bytes, ref position, size))),
            'y' => new PyValue { Kind = PyKind.Type, Text = DecodeText(Take(bytes, ref position, size)) },
            'k' => Made(DecodeText(Take(bytes, ref position, size)), Read(bytes, ref position, depth + 1).Items),
            'b' => new PyValue { Kind = PyKind.Bytes, Bytes = Take(bytes, ref position, size).ToArray() },
            'I' => PyValue.Of(new BigInteger(Take(bytes, ref position, size))),
            'o' => ReadHandle(bytes, ref position, size),
            'l' => PyValue.Collection(PyKind.List, ReadItems(bytes, ref position, size, depth)),
            't' => PyValue.Collection(PyKind.Tuple, ReadItems(bytes, ref position, size, depth)),
            'S' => PyValue.Collection(PyKind.Set, ReadItems(bytes, ref position, size, depth)),
            'Z' => PyValue.Collection(PyKind.FrozenSet, ReadItems(bytes, ref position, size, depth)),
            'q' => PyValue.Collection(PyKind.Deque, ReadItems(bytes, ref position, size, depth)),
            'D' => PyValue.Collection(PyKind.Dict, ReadItems(bytes, ref position, 2L * size, depth)),
            _ => throw new InvalidDataException($"Tag of a value is {(int)tag}, expected one of the known letters."),
        };
    }

    // What compares as a plain kind does becomes one. Names and parts are those of sandbox/py_codec.py.
    private static PyValue Made(string name, PyValue[] parts) => (name, parts) switch
    {
        ("bytearray", [{ Kind: PyKind.Bytes } bytes]) => bytes,
        ("namedtuple", [_, _, { Kind: PyKind.List } items]) => PyValue.Collection(PyKind.Tuple, items.Items),
        ("scalar", [{ Kind: PyKind.Bool or PyKind.Int or PyKind.Float or PyKind.Complex } number]) => number,
        ("Counter", [{ Kind: PyKind.Dict } counts]) => new PyValue { Kind = PyKind.Dict, Text = name, Items = counts.Items },
        ("OrderedDict", [{ Kind: PyKind.List } pairs]) when pairs.Items.All(pair => pair is { Kind: PyKind.Tuple, Items.Length: 2 }) =>
            new PyValue { Kind = PyKind.Dict, Text = name, Items = [.. pairs.Items.SelectMany(pair => pair.Items)] },
        ("Fraction" or "Decimal" or "datetime" or "date" or "time" or "timedelta" or "ndarray", _) =>
            new PyValue { Kind = PyKind.Object, Text = name, Items = parts },
        _ => throw new InvalidDataException($"Object is of class '{PyText.Shorten(name, 40)}' with {parts.Length} parts, expected a known one."),
    };

    private static PyValue ReadHandle(ReadOnlySpan<byte> bytes, ref int position, uint number)
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(Take(bytes, ref position, 4));
        string type = DecodeText(Take(bytes, ref position, length));
        return number <= int.MaxValue
            ? new PyValue { Kind = PyKind.Handle, HandleNumber = (int)number, Text = type }
            : throw new InvalidDataException($"Number of a handle is {number}, expected at most {int.MaxValue}.");
    }

    private static PyValue[] ReadItems(ReadOnlySpan<byte> bytes, ref int position, long count, int depth)
    {
        // Every item takes at least one byte, so a false count cannot ask for more memory than was sent.
        if (count > bytes.Length - position)
        {
            throw new InvalidDataException($"Collection has {count} items, expected at most {bytes.Length - position} in what is left.");
        }

        var items = new PyValue[count];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = Read(bytes, ref position, depth + 1);
        }

        return items;
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes, ref int position, uint count)
    {
        if (count > bytes.Length - position)
        {
            throw new InvalidDataException($"Value needs {count} bytes at {position}, expected at most {bytes.Length - position}.");
        }

        var taken = bytes.Slice(position, (int)count);
        position += (int)count;
        return taken;
    }

    private static double ReadDouble(ReadOnlySpan<byte> bytes, ref int position) =>
        BinaryPrimitives.ReadDoubleLittleEndian(Take(bytes, ref position, 8));

    private static void Tag(ArrayBufferWriter<byte> writer, char tag)
    {
        writer.GetSpan(1)[0] = (byte)tag;
        writer.Advance(1);
    }

    private static void Double(ArrayBufferWriter<byte> writer, double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(writer.GetSpan(8), value);
        writer.Advance(8);
    }

    private static void Size(ArrayBufferWriter<byte> writer, char tag, int size)
    {
        Tag(writer, tag);
        BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(4), size);
        writer.Advance(4);
    }

    private static void Block(ArrayBufferWriter<byte> writer, char tag, byte[] data)
    {
        Tag(writer, tag);
        WriteBytes(writer, data, withLength: true);
    }

    private static void WriteBytes(ArrayBufferWriter<byte> writer, byte[] data, bool withLength)
    {
        if (withLength)
        {
            BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(4), data.Length);
            writer.Advance(4);
        }

        writer.Write(data);
    }

    private static byte[] EncodeText(string text) => PySurrogates.Present(text) ? PySurrogates.Encode(text) : Utf8.GetBytes(text);

    private static string DecodeText(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (ArgumentException)
        {
            return PySurrogates.Decode(bytes);
        }
    }
}
