using System.Text;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>The text of a file that the command line names, or of standard input: UTF-8, plain or gzip.</summary>
internal static class InputText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

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
        bytes = bytes is [0x1F, 0x8B, ..] ? Given.Read("", () => FileBytes.Unpack($"{option} {name}", bytes)) : bytes;
        if (FileSignature.Of(bytes) is { } other)
        {
            throw new UsageException($"{option} {name} is {other}; expected JSONL in UTF-8, one object a line, plain or gzip.");
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
}
