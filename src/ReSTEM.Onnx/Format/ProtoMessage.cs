using Google.Protobuf;

namespace ReSTEM.Onnx;

/// <summary>A protocol buffer being written, field by field; messages inside it are complete when they are added.</summary>
internal sealed class ProtoMessage
{
    private readonly List<Action<CodedOutputStream>> _fields = [];

    internal ProtoMessage Add(int field, string text) => Add(field, WireFormat.WireType.LengthDelimited, output => output.WriteString(text));

    internal ProtoMessage Add(int field, long number) => Add(field, WireFormat.WireType.Varint, output => output.WriteInt64(number));

    internal ProtoMessage Add(int field, float number) => Add(field, WireFormat.WireType.Fixed32, output => output.WriteFloat(number));

    internal ProtoMessage Add(int field, ReadOnlySpan<byte> bytes)
    {
        var copy = ByteString.CopyFrom(bytes);
        return Add(field, WireFormat.WireType.LengthDelimited, output => output.WriteBytes(copy));
    }

    internal ProtoMessage Add(int field, ProtoMessage message) => Add(field, message.ToBytes());

    /// <summary>One field for each number, as the format's version of protocol buffers writes them.</summary>
    internal ProtoMessage Add(int field, IEnumerable<long> numbers)
    {
        foreach (long number in numbers)
        {
            Add(field, number);
        }

        return this;
    }

    internal byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            foreach (var write in _fields)
            {
                write(output);
            }
        }

        return bytes.ToArray();
    }

    private ProtoMessage Add(int field, WireFormat.WireType type, Action<CodedOutputStream> write)
    {
        _fields.Add(output =>
        {
            output.WriteTag(field, type);
            write(output);
        });
        return this;
    }
}
