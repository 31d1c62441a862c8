using System.IO.Compression;
using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>The content of a data file, unpacked where it is gzip.</summary>
public static class FileBytes
{
    /// <summary>Reads a file whole; a byte order mark of UTF-8 is left out.</summary>
    /// <exception cref="InvalidDataException">There is no such file, or it cannot be read, is a damaged gzip file, or of a kind that holds no rows.</exception>
    internal static byte[] Read(string path)
    {
        byte[] bytes = ReadAll(path);
        if (bytes is [0x1F, 0x8B, ..])
        {
            bytes = Unpack(path, bytes);
        }

        if (!IsParquet(bytes) && FileSignature.Of(bytes) is { } other)
        {
            throw new InvalidDataException($"{path} is {other}, expected JSONL, a JSON array, CSV or Parquet.");
        }

        ReadOnlySpan<byte> mark = Encoding.UTF8.Preamble;
        return bytes.AsSpan().StartsWith(mark) ? bytes[mark.Length..] : bytes;
    }

    /// <summary>Whether the bytes are those of a Parquet table.</summary>
    internal static bool IsParquet(ReadOnlySpan<byte> bytes) => bytes.StartsWith("PAR1"u8);

    private static byte[] ReadAll(string path)
    {
        if (Directory.Exists(path))
        {
            string[] names = [.. Directory.EnumerateFiles(path).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal).Take(4)];
            throw new InvalidDataException(
                $"{path} is a folder{(names.Length > 0 ? $" (with {string.Join(", ", names)})" : " without files")}, expected a file; name each file.");
        }

        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDataException($"{path} does not exist, expected a file of problems.{Near(path)}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path} cannot be read: {fault.Message.TrimEnd('.')}.", fault);
        }
    }

    /// <summary>A file of nearly the same name, in words.</summary>
    private static string Near(string path)
    {
        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return !Directory.Exists(folder) ? $" There is no folder {folder}."
            : NearestName.Of(Path.GetFileName(path), Directory.EnumerateFiles(folder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)) is { } near
                ? $" Did you mean {near}?"
                : "";
    }

    /// <summary>Unpacks gzip.</summary>
    /// <param name="path">What it is called in messages.</param>
    /// <param name="packed">The file.</param>
    /// <exception cref="InvalidDataException">It is damaged or cut short.</exception>
    public static byte[] Unpack(string path, byte[] packed)
    {
        // .NET takes a gzip file that is cut short for a whole one. So one more member is put behind the file: it is only reached, and
        // comes out whole, if the file before it is complete.
        ReadOnlySpan<byte> mark = "end of file"u8;
        try
        {
            using MemoryStream joined = new();
            joined.Write(packed);
            using (GZipStream end = new(joined, CompressionLevel.Fastest, leaveOpen: true))
            {
                end.Write(mark);
            }

            joined.Position = 0;
            using GZipStream stream = new(joined, CompressionMode.Decompress);
            using MemoryStream unpacked = new();
            stream.CopyTo(unpacked);
            byte[] bytes = unpacked.ToArray();
            return bytes.AsSpan().EndsWith(mark) ? bytes[..^mark.Length] : throw new InvalidDataException("No end.");
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new InvalidDataException($"{path}: the gzip data are damaged or cut short, expected a whole file.", exception);
        }
    }
}
