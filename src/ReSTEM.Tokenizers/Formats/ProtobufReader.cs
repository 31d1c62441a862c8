using System.Buffers.Binary;
using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>Reads the fields of one message in Protocol Buffers' wire format. Ours: four scalar kinds and nested bytes are all that is needed.</summary>
/// <remarks>The encoding page of the Protocol Buffers documentation: a varint tag of number and kind, then the value.</remarks>
internal ref struct ProtobufReader
{
    private const int MaxVarintBytes = 10;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _file;
    private readonly ReadOnlySpan<byte> _message;
    private readonly int _start;
    private int _position;

    /// <param name="file">For messages.</param>
    /// <param name="message">The whole message.</param>
    /// <param name="start">Where it stands in the file, for messages.</param>
    internal ProtobufReader(string file, ReadOnlySpan<byte> message, int start = 0)
    {
        _file = file;
        _message = message;
        _start = start;
    }

    /// <summary>The number of the present field.</summary>
    internal int Field { get; private set; }

    /// <summary>The value of the present field when it is a number; the bits of one of fixed size.</summary>
    internal ulong Number { get; private set; }

    /// <summary>The value of the present field when it is not.</summary>
    internal ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Whether the present field holds bytes.</summary>
    internal bool IsBytes { get; private set; }

    internal readonly bool AsBoolean() => Number != 0;

    internal readonly int AsInt32() => (int)Number;

    internal readonly float AsSingle() => BitConverter.UInt32BitsToSingle((uint)Number);

    internal readonly string AsText()
    {
        try
        {
            return Strict.GetString(Bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Bad($"a text in field {Field} that is not UTF-8", "valid UTF-8");
        }
    }

    /// <summary>The present field as a message of its own.</summary>
    internal readonly ProtobufReader AsMessage() => new(_file, Bytes, _start + _position - Bytes.Length);

    /// <summary>Goes to the next field; false at the end.</summary>
    internal bool Next()
    {
        if (_position == _message.Length)
        {
            return false;
        }

        ulong tag = Varint();
        (Field, Number, IsBytes) = ((int)Math.Min(tag >> 3, int.MaxValue), 0, (tag & 7) == 2);
        Bytes = default;
        switch (tag & 7)
        {
            case 0:
                Number = Varint();
                return true;
            case 1:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                return true;
            case 2:
                ulong length = Varint();
                Bytes = Take((int)Math.Min(length, int.MaxValue));
                return true;
            case 5:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                return true;
            default:
                throw Bad($"a field of kind {tag & 7}", "kind 0, 1, 2 or 5");
        }
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < MaxVarintBytes && _position < _message.Length; i++)
        {
            byte part = _message[_position++];
            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Bad("a number that does not end", "at most 10 bytes");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _message.Length - _position)
        {
            throw Bad($"a field of {length} bytes with {_message.Length - _position} left", "a whole file");
        }

        _position += length;
        return _message.Slice(_position - length, length);
    }

    private readonly InvalidDataException Bad(string actual, string expected) =>
        new($"{_file}: byte {_start + _position} is the place of {actual}, expected {expected}, as in a SentencePiece model.");
}
