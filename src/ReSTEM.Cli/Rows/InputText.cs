using System.IO.Compression;
using System.Text;

namespace ReSTEM.Cli;

/// <summary>The text of a file that the command line names, or of standard input: UTF-8, plain or gzip.</summary>
internal static class InputText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What a file of another kind begins with, and how to make JSONL of it.</summary>
    private static readonly (byte[] Begin, string Found)[] OtherKinds =
    [
        ([0xFF, 0xFE], "UTF-16 text; convert it first: iconv -f UTF-16 -t UTF-8"),
        ([0xFE, 0xFF], "UTF-16 text; convert it first: iconv -f UTF-16 -t UTF-8"),
        ([0x28, 0xB5, 0x2F, 0xFD], "packed with zstd; unpack it first: zstd -dc FILE | restem ... -"),
        ("PAR1"u8.ToArray(), "a Parquet file; write its rows as JSONL first"),
        ("PK"u8.ToArray(), "a zip archive; unpack it first"),
        ("GGUF"u8.ToArray(), "a GGUF model"),
        ("SQLite format 3"u8.ToArray(), "an SQLite database"),
        ("version https://git-lfs"u8.ToArray(), "a pointer of Git LFS, not the file itself; fetch it with git lfs pull"),
    ];

    /// <summary>What a file is called in messages.</summary>
    internal static string NameOf(string path) => path == OutputFile.Standard ? "standard input" : path;

    /// <summary>Reads it whole.</summary>
    /// <param name="option">Names it in messages, for example <c>--input</c>.</param>
    /// <param name="path">A file, or <c>-</c>.</param>
    /// <exception cref="UsageException">It is not there, or cannot be read, or is of another kind.</exception>
    internal static string Read(string option, string path)
    {
        byte[] bytes = Bytes(option, path);
        string name = NameOf(path);
        bytes = bytes is [0x1F, 0x8B, ..] ? Unpack(option, name, bytes) : bytes;
        foreach (var (begin, found) in OtherKinds)
        {
            if (bytes.AsSpan().StartsWith(begin))
            {
                throw new UsageException($"{option} {name} is {found}; expected JSONL in UTF-8, one object a line, plain or gzip.");
            }
        }

        if (bytes.AsSpan().IndexOf((byte)0) is >= 0 and var nul)
        {
            throw new UsageException($"{option} {name} holds a NUL byte (byte {nul + 1}), so it is UTF-16 or no text, expected JSONL in UTF-8, one object a line, plain or gzip.");
        }

        try
        {
            ReadOnlySpan<byte> mark = Encoding.UTF8.Preamble;
            return StrictUtf8.GetString(bytes.AsSpan().StartsWith(mark) ? bytes.AsSpan(mark.Length) : bytes);
        }
        catch (DecoderFallbackException fault)
        {
            int line = 1 + bytes.AsSpan(0, Math.Max(0, fault.Index)).Count((byte)'\n');
            throw new UsageException($"{option} {name}:{line}: byte {fault.Index + 1} of the file is not UTF-8, expected JSONL in UTF-8.");
        }
    }

    private static byte[] Bytes(string option, string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new UsageException($"{option} is empty, expected a file, or {OutputFile.Standard} for standard input.");
        }

        if (path == OutputFile.Standard)
        {
            using Stream input = Console.OpenStandardInput();
            using var copy = new MemoryStream();
            input.CopyTo(copy);
            return copy.ToArray();
        }

        if (Directory.Exists(path))
        {
            throw new UsageException($"{option} is {path}, a folder, expected a file.");
        }

        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{option} is {path}, which {(fault is FileNotFoundException or DirectoryNotFoundException ? "does not exist" : "cannot be read: " + Failure.Reason(fault))}, expected a file.");
        }
    }

    // .NET takes a gzip file that is cut short for a whole one. A last member of our own is reached, and comes out whole, only if what
    // is before it is complete.
    private static byte[] Unpack(string option, string name, byte[] packed)
    {
        ReadOnlySpan<byte> mark = "the end"u8;
        try
        {
            using var joined = new MemoryStream();
            joined.Write(packed);
            using (var last = new GZipStream(joined, CompressionLevel.Fastest, leaveOpen: true))
            {
                last.Write(mark);
            }

            joined.Position = 0;
            using var unpacking = new GZipStream(joined, CompressionMode.Decompress);
            using var unpacked = new MemoryStream();
            unpacking.CopyTo(unpacked);
            byte[] bytes = unpacked.ToArray();
            return bytes.AsSpan().EndsWith(mark) ? bytes[..^mark.Length] : throw new InvalidDataException("no end");
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            throw new UsageException($"{option} {name}: the gzip data are damaged or cut short, expected a whole file.");
        }
    }
}
