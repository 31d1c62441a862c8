using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ReSTEM.Core;

namespace ReSTEM.Models;

/// <summary>A safetensors file open for reading: the header is checked on opening, values are read tensor by tensor.</summary>
public sealed class SafetensorsFile : IDisposable
{
    private const int ChunkSize = 1 << 20;
    private readonly SafeFileHandle _handle;

    private SafetensorsFile(
        string path, SafeFileHandle handle, (IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata) header)
    {
        Path = path;
        _handle = handle;
        (Entries, Metadata) = header;
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>The tensors, in the order of their data.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>Texts that whoever wrote the file put into its header.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header against its size.</summary>
    /// <exception cref="InvalidDataException">The file is not a whole safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafeFileHandle handle = File.OpenHandle(path);
        SafetensorsFile? file = null;
        try
        {
            return file = new SafetensorsFile(path, handle, ReadHeader(path, handle));
        }
        finally
        {
            if (file is null)
            {
                handle.Dispose();
            }
        }
    }

    /// <summary>Some values of one tensor, widened to float (exactly).</summary>
    /// <param name="entry">One of <see cref="Entries"/>.</param>
    /// <param name="start">The first value.</param>
    /// <param name="values">As many as are wanted.</param>
    /// <exception cref="InvalidDataException">The file has become shorter since it was opened.</exception>
    public void Read(SafetensorsEntry entry, int start, Span<float> values)
    {
        long position = entry.Begin + ((long)start * entry.ValueSize);
        if (entry.Dtype == "F32")
        {
            ReadExactly(_handle, position, MemoryMarshal.AsBytes(values), Path, $"tensor {entry.Name}");
            return;
        }

        byte[] chunk = new byte[Math.Min(ChunkSize, values.Length * entry.ValueSize)];
        for (int done = 0; done < values.Length;)
        {
            int count = Math.Min(chunk.Length / entry.ValueSize, values.Length - done);
            Span<byte> bytes = chunk.AsSpan(0, count * entry.ValueSize);
            ReadExactly(_handle, position, bytes, Path, $"tensor {entry.Name}");
            Widen(entry.Dtype, bytes, values.Slice(done, count));
            done += count;
            position += bytes.Length;
        }
    }

    /// <summary>All values of one tensor, widened to float (exactly).</summary>
    /// <exception cref="InvalidDataException">The file has become shorter since it was opened.</exception>
    public WeightTensor Read(SafetensorsEntry entry)
    {
        float[] values = new float[entry.ValueCount];
        Read(entry, 0, values);
        return new WeightTensor(entry.Name, entry.Shape, values);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static (IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata) ReadHeader(string path, SafeFileHandle handle)
    {
        long fileLength = RandomAccess.GetLength(handle);
        if (fileLength < 8)
        {
            throw new InvalidDataException($"{path}: the file has {fileLength} bytes, expected at least 8 (the header's length).");
        }

        Span<byte> prefix = stackalloc byte[8];
        ReadExactly(handle, 0, prefix, path, "the header's length");
        Span<byte> head = stackalloc byte[FileSignature.Length];
        head = head[..RandomAccess.Read(handle, head, 0)];
        if (FileSignature.Of(head) is { } other and not FileSignature.Safetensors)
        {
            throw new InvalidDataException($"{path} is {other}, expected a safetensors file.");
        }

        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        ulong limit = (ulong)Math.Min(SafetensorsHeader.MaxLength, fileLength - 8);
        if (headerLength < 2 || headerLength > limit)
        {
            throw new InvalidDataException(
                $"{path}: the header's length is {headerLength}, expected 2 to {limit}; is this a whole safetensors file?");
        }

        byte[] header = new byte[headerLength];
        ReadExactly(handle, 8, header, path, "the header");
        return SafetensorsHeader.Parse(path, header, 8 + header.Length, fileLength);
    }

    private static void ReadExactly(SafeFileHandle handle, long position, Span<byte> bytes, string path, string what)
    {
        int wanted = bytes.Length;
        while (bytes.Length > 0)
        {
            int count = RandomAccess.Read(handle, bytes, position);
            if (count == 0)
            {
                throw new InvalidDataException(
                    $"{path}: {what} ends {bytes.Length} bytes early, expected {wanted} bytes; is the file truncated?");
            }

            bytes = bytes[count..];
            position += count;
        }
    }

    private static void Widen(string dtype, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        switch (dtype)
        {
            case "F16":
                ReadOnlySpan<Half> numbers = MemoryMarshal.Cast<byte, Half>(bytes);
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (float)numbers[i];
                }

                break;
            default: // BF16 is the upper half of a float
                ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
                }

                break;
        }
    }
}
