using System.Text;

namespace ReSTEM.Core;

/// <summary>Tells from its first bytes what a file is that was expected to be another.</summary>
public static class FileSignature
{
    /// <summary>How many bytes of a file tell what it is.</summary>
    public const int Length = 512;

    /// <summary>What a safetensors file is called.</summary>
    public const string Safetensors = "a safetensors file";

    private const int TarMark = 257;

    private static readonly (byte[] Start, string What)[] Starts =
    [
        ([.. "version https://git-lfs"u8], "a Git LFS pointer, which stands for a file that was not fetched (git lfs pull fetches it)"),
        ([.. "GGUF"u8], "a GGUF file of llama.cpp (take the safetensors checkpoint from which it was made)"),
        ([0x80, 0x02], Pickle), ([0x80, 0x03], Pickle), ([0x80, 0x04], Pickle), ([0x80, 0x05], Pickle),
        ([.. "PK\x3\x4"u8], "a zip archive, or what is stored as one: a PyTorch checkpoint, a spreadsheet (unpack it or save it in another form)"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd (zstd -d unpacks it)"),
        ([.. "BZh"u8], "compressed with bzip2 (bunzip2 unpacks it)"),
        ([0xFD, .. "7zXZ"u8], "compressed with xz (unxz unpacks it)"),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7z archive (unpack it)"),
        ([0x1F, 0x8B], "compressed with gzip (gunzip unpacks it)"),
        ([.. "PAR1"u8], "a Parquet table"),
        ([.. "ARROW1"u8], "an Arrow table (save it as Parquet or JSONL)"),
        ([.. "SQLite format 3"u8], "an SQLite database"),
        ([0x89, .. "HDF\r\n"u8], "an HDF5 file"),
        ([0x93, .. "NUMPY"u8], "a NumPy array"),
        ([.. "%PDF"u8], "a PDF document"),
        ([0x89, .. "PNG"u8], "a PNG image"),
        ([0xFF, 0xD8, 0xFF], "a JPEG image"),
        ([0x7F, .. "ELF"u8], "a program"),
        ([0xFF, 0xFE], Utf16), ([0xFE, 0xFF], Utf16),
    ];

    private const string Pickle = "a pickle, which can run code when it is read (save it again with its own library as safetensors or JSONL)";
    private const string Utf16 = "text in UTF-16 (save it as UTF-8)";

    /// <summary>What a file is, and what to do about it, as <c>a GGUF file ... (...)</c>; null for text and all else that is not known.</summary>
    /// <param name="head">The first bytes of the file, <see cref="Length"/> of them if it has as many.</param>
    public static string? Of(ReadOnlySpan<byte> head)
    {
        // First: its first bytes are a length, which may be those of any other mark.
        if (head.Length > 9 && head[8] == '{' && head[5..8].IndexOfAnyExcept((byte)0) < 0)
        {
            return Safetensors;
        }

        foreach (var (start, what) in Starts)
        {
            if (head.StartsWith(start))
            {
                return what;
            }
        }

        if (head.Length >= TarMark + 5 && head.Slice(TarMark, 5).SequenceEqual("ustar"u8))
        {
            return "a tar archive (unpack it)";
        }

        string text = Encoding.Latin1.GetString(head[..Math.Min(head.Length, Length)]).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n');
        return text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
            ? "a web page, perhaps the page about a download or a sign-in in place of the file (fetch the file itself)"
            : null;
    }

    /// <summary>What a file on disk is; null for text, for all else that is not known, and for what cannot be read.</summary>
    public static string? OfFile(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            byte[] head = new byte[Length];
            return Of(head.AsSpan(0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null; // whoever opens the file next says why it cannot be read
        }
    }
}
