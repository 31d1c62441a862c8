using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Models;

/// <summary>Writes GGUF files, version 3, little-endian.</summary>
/// <remarks>ggml's docs/gguf.md: header, key-value pairs, tensor descriptions, then the tensors, each at a multiple of 32 bytes.</remarks>
internal static class GgufWriter
{
    private const uint Magic = 0x46554747; // "GGUF"
    private const uint Version = 3;
    private const int Alignment = 32;

    /// <summary>Numbers of the value types.</summary>
    private const uint UnsignedType = 4, SignedType = 5, FloatType = 6, FlagType = 7, TextType = 8, ListType = 9;

    /// <summary>Writes a temporary file beside the target, flushes it to the disk and renames it.</summary>
    internal static void Write(string path, GgufMetadata metadata, IReadOnlyList<GgufTensor> tensors) => AtomicFile.Write(path, stream =>
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write((long)tensors.Count);
        writer.Write((long)metadata.Pairs.Count);
        foreach (var (key, value) in metadata.Pairs)
        {
            WriteText(writer, key);
            WriteValue(writer, value);
        }

        WriteDescriptions(writer, tensors);
        writer.Flush();
        foreach (var tensor in tensors)
        {
            Fill(stream);
            tensor.Read(rows => stream.Write(GgufNumbers.Of(rows, tensor.Type)));
        }

        Fill(stream);
    });

    private static void WriteDescriptions(BinaryWriter writer, IReadOnlyList<GgufTensor> tensors)
    {
        long offset = 0; // from the first tensor
        foreach (var tensor in tensors)
        {
            WriteText(writer, tensor.Name);
            writer.Write(tensor.Shape.Count);
            foreach (int extent in tensor.Shape.Reverse()) // the fastest first
            {
                writer.Write((long)extent);
            }

            writer.Write((uint)tensor.Type);
            writer.Write(offset);
            offset += (tensor.Bytes + Alignment - 1) / Alignment * Alignment;
        }
    }

    private static void Fill(Stream stream)
    {
        Span<byte> zeros = stackalloc byte[Alignment];
        zeros.Clear();
        stream.Write(zeros[..(int)((Alignment - (stream.Position % Alignment)) % Alignment)]);
    }

    private static void WriteValue(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case Array list:
                writer.Write(ListType);
                writer.Write(list switch { int[] => SignedType, float[] => FloatType, _ => TextType });
                writer.Write((long)list.Length);
                foreach (object item in list)
                {
                    WriteBare(writer, item);
                }

                break;
            default:
                writer.Write(value switch { uint => UnsignedType, float => FloatType, bool => FlagType, _ => TextType });
                WriteBare(writer, value);
                break;
        }
    }

    private static void WriteBare(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case uint number:
                writer.Write(number);
                break;
            case int number:
                writer.Write(number);
                break;
            case float number:
                writer.Write(number);
                break;
            case bool flag:
                writer.Write(flag);
                break;
            default:
                WriteText(writer, (string)value);
                break;
        }
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }
}
