using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Models;

/// <summary>Writes safetensors files in F32: the same tensors give the same bytes, in whatever order they are handed over.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes a temporary file beside the target, flushes it to the disk and renames it.</summary>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    /// <exception cref="IOException">The disk is full or not writable; the target is untouched.</exception>
    public static void Write(string path, IEnumerable<WeightTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        WeightTensor[] sorted = Sorted(tensors);
        AtomicFile.Write(path, stream => Write(sorted, metadata, bytes => stream.Write(bytes)));
    }

    /// <summary>Lower-case hexadecimal SHA-256 of the file that <see cref="Write(string, IEnumerable{WeightTensor}, IReadOnlyDictionary{string, string})"/> would write.</summary>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    public static string Sha256(IEnumerable<WeightTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Write(Sorted(tensors), metadata, hash.AppendData);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static WeightTensor[] Sorted(IEnumerable<WeightTensor> tensors)
    {
        WeightTensor[] sorted = [.. tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)];
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Name == sorted[i - 1].Name)
            {
                throw new ArgumentException($"tensor {sorted[i].Name} appears twice, expected once.", nameof(tensors));
            }
        }

        return sorted;
    }

    private static void Write(WeightTensor[] tensors, IReadOnlyDictionary<string, string>? metadata, Action<ReadOnlySpan<byte>> append)
    {
        byte[] header = Header(tensors, metadata);
        byte[] length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        append(length);
        append(header);
        foreach (WeightTensor tensor in tensors)
        {
            append(MemoryMarshal.AsBytes(tensor.StoredValues()));
        }
    }

    private static byte[] Header(WeightTensor[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt"); // readers of the ecosystem refuse a file without it
            foreach (var (key, value) in metadata ?? new Dictionary<string, string>())
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            long position = 0;
            foreach (WeightTensor tensor in tensors)
            {
                long end = position + (long)tensor.Values.Length * sizeof(float);
                WriteEntry(json, tensor, position, end);
                position = end;
            }

            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, WeightTensor tensor, long begin, long end)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", "F32");
        json.WriteStartArray("shape");
        foreach (int extent in tensor.StoredShape)
        {
            json.WriteNumberValue(extent);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
