using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Models;

/// <summary>Writes safetensors files: the same tensors give the same bytes, in whatever order they are handed over.</summary>
public static class SafetensorsWriter
{
    private const int NumbersAtOnce = 1 << 16; // one buffer that stays in the cache, for all tensors but those that are transposed

    /// <summary>Writes a temporary file beside the target, flushes it to the disk and renames it.</summary>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    /// <exception cref="IOException">The disk is full or not writable; the target is untouched.</exception>
    public static void Write(string path, IEnumerable<WeightTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var sorted = Sorted(tensors.Select(InMemory));
        AtomicFile.Write(path, stream => Write(sorted, StoredType.F32, metadata, bytes => stream.Write(bytes)));
    }

    /// <summary>The same from weights that are read as they are written, so that no copy of them is held.</summary>
    /// <exception cref="IOException">The disk is full or not writable; the target is untouched.</exception>
    public static void Write(string path, IWeightSource weights, StoredType type)
    {
        var sorted = Sorted(weights.Places.Select(place => Of(weights, place)));
        AtomicFile.Write(path, stream => Write(sorted, type, null, bytes => stream.Write(bytes)));
    }

    /// <summary>Lower-case hexadecimal SHA-256 of the file that would be written in F32.</summary>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    public static string Sha256(IEnumerable<WeightTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        Sha256(Sorted(tensors.Select(InMemory)), metadata);

    /// <summary>Lower-case hexadecimal SHA-256 of the file that would be written in F32.</summary>
    public static string Sha256(IWeightSource weights) =>
        Sha256(Sorted(weights.Places.Select(place => Of(weights, place))), null);

    private static string Sha256(Entry[] sorted, IReadOnlyDictionary<string, string>? metadata)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Write(sorted, StoredType.F32, metadata, hash.AppendData);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static Entry InMemory(WeightTensor tensor) => new(tensor.Name, tensor.StoredShape, take => take(tensor.StoredValues()));

    private static Entry Of(IWeightSource weights, TensorPlace place) => new(place.Name, place.StoredShape, take =>
    {
        int rowsAtOnce = place.IsTransposed ? place.Rows : Math.Max(1, NumbersAtOnce / place.RowLength);
        float[] rows = ArrayPool<float>.Shared.Rent(Math.Min(rowsAtOnce, place.Rows) * place.RowLength);
        for (int row = 0; row < place.Rows; row += rowsAtOnce)
        {
            var part = rows.AsSpan(0, Math.Min(rowsAtOnce, place.Rows - row) * place.RowLength);
            weights.Read(place, row, part);
            take(place.IsTransposed ? Transposition.Of(part, place.Shape[0], place.Shape[1]) : part);
        }

        ArrayPool<float>.Shared.Return(rows);
    });

    private static Entry[] Sorted(IEnumerable<Entry> tensors)
    {
        Entry[] sorted = [.. tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)];
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Name == sorted[i - 1].Name)
            {
                throw new ArgumentException($"tensor {sorted[i].Name} appears twice, expected once.", nameof(tensors));
            }
        }

        return sorted;
    }

    private static void Write(Entry[] tensors, StoredType type, IReadOnlyDictionary<string, string>? metadata, Action<ReadOnlySpan<byte>> append)
    {
        byte[] header = Header(tensors, type, metadata);
        byte[] length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        append(length);
        append(header);
        foreach (Entry tensor in tensors)
        {
            tensor.Read(values => append(type is StoredType.F32 ? MemoryMarshal.AsBytes(values) : Narrowing.Of(values, type, tensor.Name)));
        }
    }

    private static byte[] Header(Entry[] tensors, StoredType type, IReadOnlyDictionary<string, string>? metadata)
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
            foreach (Entry tensor in tensors)
            {
                long end = position + (tensor.Shape.Aggregate(1L, static (product, extent) => product * extent) * Narrowing.SizeOf(type));
                WriteEntry(json, tensor, type, position, end);
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

    private static void WriteEntry(Utf8JsonWriter json, Entry tensor, StoredType type, long begin, long end)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", type.ToString());
        json.WriteStartArray("shape");
        foreach (int extent in tensor.Shape)
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

    private delegate void Take(ReadOnlySpan<float> values);

    private sealed record Entry(string Name, IReadOnlyList<int> Shape, Action<Take> Read);
}
