using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>
/// A file of the trainer: a line that names the format, the length of a JSON header (int64), the header, float32 numbers, and
/// the SHA-256 of all that. It is there whole or not at all, and a changed byte is noticed.
/// </summary>
internal static class SealedFile
{
    private const int ChunkBytes = 1 << 20;

    private static readonly byte[] Format = Encoding.ASCII.GetBytes("restem-training-state-1\n");

    /// <summary>Writes beside the target, flushes to the disk and renames.</summary>
    internal static void Write(string path, ReadOnlySpan<byte> header, params ReadOnlySpan<FloatBuffer> numbers)
    {
        string temporary = path + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, ChunkBytes))
        using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        {
            Span<byte> length = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            Append(stream, hash, Format);
            Append(stream, hash, length);
            Append(stream, hash, header);
            foreach (var part in numbers)
            {
                Append(stream, hash, MemoryMarshal.AsBytes(part.Span));
            }

            stream.Write(hash.GetHashAndReset());
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Reads the header and fills the buffers.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="remedy">What to do about a damaged file, for the message.</param>
    /// <param name="numbers">Filled in order; they must have the lengths that were written.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    internal static byte[] Read(string path, string remedy, params ReadOnlySpan<FloatBuffer> numbers)
    {
        using var stream = File.OpenRead(path);
        Verify(stream, path, remedy);
        stream.Position = Format.Length;
        Span<byte> length = stackalloc byte[sizeof(long)];
        stream.ReadExactly(length);
        byte[] header = new byte[BinaryPrimitives.ReadInt64LittleEndian(length)];
        stream.ReadExactly(header);
        foreach (var part in numbers)
        {
            var bytes = MemoryMarshal.AsBytes(part.Span);
            stream.ReadExactly(bytes);
        }

        return header;
    }

    private static void Append(Stream stream, IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        stream.Write(bytes);
    }

    private static void Verify(FileStream stream, string path, string remedy)
    {
        long end = stream.Length - SHA256.HashSizeInBytes;
        byte[] chunk = new byte[ChunkBytes];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (stream.Position < end)
        {
            int count = stream.Read(chunk, 0, (int)Math.Min(chunk.Length, end - stream.Position));
            if (stream.Position == count && !chunk.AsSpan(0, count).StartsWith(Format))
            {
                break;
            }

            hash.AppendData(chunk, 0, count);
        }

        byte[] expected = new byte[SHA256.HashSizeInBytes];
        int read = stream.ReadAtLeast(expected, expected.Length, throwOnEndOfStream: false);
        byte[] actual = hash.GetHashAndReset();
        if (end < Format.Length + sizeof(long) || read < expected.Length || !actual.AsSpan().SequenceEqual(expected))
        {
            throw new InvalidDataException(
                $"{path} is damaged: its SHA-256 is {Convert.ToHexStringLower(actual)}, expected {Convert.ToHexStringLower(expected)}. {remedy}");
        }
    }
}
