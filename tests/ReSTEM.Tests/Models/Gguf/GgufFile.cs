using System.Text;

namespace ReSTEM.Tests;

/// <summary>A tensor as a GGUF file has it.</summary>
/// <param name="Extents">The fastest first, as in the file.</param>
/// <param name="Type">ggml's number of the type.</param>
/// <param name="Offset">From the first tensor's place.</param>
/// <param name="Values">The numbers, whatever their type.</param>
internal sealed record GgufEntry(long[] Extents, uint Type, long Offset, float[] Values);

/// <summary>A small reader of GGUF version 3, written from ggml's docs/gguf.md and block_q8_0 of its ggml-common.h.</summary>
internal sealed class GgufFile
{
    internal const uint F32 = 0, F16 = 1, Q8 = 8, BF16 = 30;
    private const int Alignment = 32;

    private GgufFile(Dictionary<string, object> metadata, Dictionary<string, GgufEntry> tensors) => (Metadata, Tensors) = (metadata, tensors);

    internal IReadOnlyDictionary<string, object> Metadata { get; }

    internal IReadOnlyDictionary<string, GgufEntry> Tensors { get; }

    internal static GgufFile Read(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        Assert.Equal("GGUF"u8.ToArray(), reader.ReadBytes(4));
        Assert.Equal(3u, reader.ReadUInt32());
        long tensorCount = reader.ReadInt64(), pairCount = reader.ReadInt64();
        Dictionary<string, object> metadata = [];
        for (long pair = 0; pair < pairCount; pair++)
        {
            string key = Text(reader);
            metadata.Add(key, Value(reader, reader.ReadUInt32()));
        }

        var heads = new List<(string Name, long[] Extents, uint Type, long Offset)>();
        for (long tensor = 0; tensor < tensorCount; tensor++)
        {
            string name = Text(reader);
            long[] extents = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt64())];
            heads.Add((name, extents, reader.ReadUInt32(), reader.ReadInt64()));
        }

        long data = (reader.BaseStream.Position + Alignment - 1) / Alignment * Alignment;
        return new GgufFile(metadata, heads.ToDictionary(head => head.Name, head =>
        {
            reader.BaseStream.Position = data + head.Offset;
            return new GgufEntry(head.Extents, head.Type, head.Offset, Numbers(reader, head.Type, head.Extents.Aggregate(1L, (product, extent) => product * extent)));
        }));
    }

    private static float[] Numbers(BinaryReader reader, uint type, long count)
    {
        float[] values = new float[count];
        float factor = 0;
        for (int index = 0; index < values.Length; index++)
        {
            if (type == Q8 && index % 32 == 0)
            {
                factor = (float)reader.ReadHalf();
            }

            values[index] = type switch
            {
                F32 => reader.ReadSingle(),
                F16 => (float)reader.ReadHalf(),
                BF16 => BitConverter.UInt32BitsToSingle((uint)reader.ReadUInt16() << 16),
                Q8 => factor * reader.ReadSByte(),
                _ => throw new InvalidDataException($"type is {type}, expected one of those written."),
            };
        }

        return values;
    }

    private static object Value(BinaryReader reader, uint type)
    {
        switch (type)
        {
            case 4:
                return reader.ReadUInt32();
            case 5:
                return reader.ReadInt32();
            case 6:
                return reader.ReadSingle();
            case 7:
                return reader.ReadByte() == 1;
            case 8:
                return Text(reader);
            case 9:
                uint item = reader.ReadUInt32();
                return Enumerable.Range(0, (int)reader.ReadInt64()).Select(_ => Value(reader, item)).ToArray();
            default:
                throw new InvalidDataException($"value type is {type}, expected one of those written.");
        }
    }

    private static string Text(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadInt64()));
}
