using System.Buffers.Binary;
using System.Text;
using ReSTEM.Tokenizers;

namespace ReSTEM.Tests;

/// <summary>Writes SentencePiece models, to have some of known content.</summary>
internal sealed class ProtobufWriter
{
    private readonly List<byte> _bytes = [];

    internal byte[] Bytes => [.. _bytes];

    internal static byte[] Model(
        IEnumerable<(string Text, float Score, SentencePieceKind Kind)> pieces, SentencePieceAlgorithm algorithm, bool bytes, bool removesExtraBlanks = false)
    {
        ProtobufWriter model = new();
        foreach ((string text, float score, SentencePieceKind kind) in pieces)
        {
            model.Message(1, new ProtobufWriter().Text(1, text).Single(2, score).Number(3, (ulong)kind));
        }

        model.Message(2, new ProtobufWriter().Number(3, (ulong)algorithm).Number(35, bytes ? 1u : 0u));
        model.Message(3, new ProtobufWriter().Text(1, "identity").Number(3, 1).Number(4, removesExtraBlanks ? 1u : 0u).Number(5, 1));
        return model.Bytes;
    }

    internal ProtobufWriter Number(int field, ulong value) => Varint((ulong)field << 3).Varint(value);

    internal ProtobufWriter Single(int field, float value)
    {
        Varint(((ulong)field << 3) | 5);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    internal ProtobufWriter Text(int field, string value) => Field(field, Encoding.UTF8.GetBytes(value));

    internal ProtobufWriter Message(int field, ProtobufWriter value) => Field(field, value.Bytes);

    private ProtobufWriter Field(int field, byte[] value)
    {
        Varint(((ulong)field << 3) | 2).Varint((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    private ProtobufWriter Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }

        _bytes.Add((byte)value);
        return this;
    }
}
