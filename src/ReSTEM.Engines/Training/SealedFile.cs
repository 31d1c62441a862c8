using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>
/// A file of the trainer: a line that names the format, the length of a JSON header (int64), the header, an engine's snapshot, and
/// the SHA-256 of all that. It is there whole or not at all, and a changed byte is noticed.
/// </summary>
internal static class SealedFile
{
    private const int ChunkBytes = 1 << 20;

    private static readonly byte[] Format = Encoding.ASCII.GetBytes("restem-training-state-2\n");

    /// <summary>Writes beside the target, flushes to the disk and renames.</summary>
    /// <param name="path">The target.</param>
    /// <param name="header">May be empty.</param>
    /// <param name="writeSnapshot">Writes what follows the header.</param>
    internal static void Write(string path, byte[] header, Action<Stream> writeSnapshot) => AtomicFile.Write(path, stream =>
    {
        byte[] length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        using var hash = SHA256.Create();
        using (var hashed = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true))
        {
            hashed.Write(Format);
            hashed.Write(length);
            hashed.Write(header);
            writeSnapshot(hashed);
        }

        stream.Write(hash.Hash!);
    });

    /// <summary>Opens a file whose bytes are those that were written.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="remedy">What to do about a damaged file, for the message.</param>
    /// <param name="header">The header.</param>
    /// <returns>The file, at the beginning of the snapshot.</returns>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    internal static Stream Open(string path, string remedy, out byte[] header)
    {
        var stream = File.OpenRead(path);
        try
        {
            Verify(stream, path, remedy);
            stream.Position = Format.Length;
            Span<byte> length = stackalloc byte[sizeof(long)];
            stream.ReadExactly(length);
            header = new byte[BinaryPrimitives.ReadInt64LittleEndian(length)];
            stream.ReadExactly(header);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
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
