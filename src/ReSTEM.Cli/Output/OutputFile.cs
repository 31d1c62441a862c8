using System.IO.Compression;
using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Cli;

/// <summary>
/// Where a verb writes: checked and opened before any work, and there whole or not at all. A regular file is written beside its place,
/// brought to the disk and renamed; the target of a link is replaced, not the link; a device or FIFO is written through. A name that
/// ends in <c>.gz</c> is written as gzip.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    /// <summary>The name for standard output, and for standard input.</summary>
    internal const string Standard = "-";

    private const int BufferBytes = 1 << 16;
    private const int LongestName = 255; // bytes, on every usual file system

    private readonly string _target;
    private readonly string? _temporary;
    private readonly Stream _file;
    private readonly Stream _content;
    private bool _closed;

    private OutputFile(string path, string target, string? temporary, Stream file)
    {
        (Path, _target, _temporary, _file) = (path, target, temporary, file);
        _content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true) : file;
    }

    /// <summary>The file that is replaced, links followed; what was asked for where there is none.</summary>
    internal string Target => _target;

    /// <summary>What it was asked for as.</summary>
    internal string Path { get; }

    /// <summary>Takes the content.</summary>
    internal Stream Content => _content;

    /// <summary>Whether it is a file that appears when it is complete, and not a stream.</summary>
    internal bool IsRegular => _temporary is not null;

    /// <summary>Whether what is written shows on a terminal.</summary>
    internal bool IsTerminal => Path == Standard && !Console.IsOutputRedirected;

    /// <summary>Checks the target and opens it.</summary>
    /// <param name="option">Names the target in messages, for example <c>--output</c>.</param>
    /// <param name="path">A file, or <c>-</c> for standard output.</param>
    /// <param name="inputs">Files that are read, or <c>-</c>; none of them is written over.</param>
    /// <exception cref="UsageException">It cannot be written.</exception>
    internal static OutputFile Open(string option, string path, params IReadOnlyList<string> inputs)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new UsageException($"{option} is empty, expected a file, or {Standard} for standard output.");
        }

        path = path is "/dev/stdout" or "/dev/fd/1" ? Standard : path; // so that a file behind it is appended to where the shell says so
        FileStatus status = FileStatus.Of(path == Standard ? "/dev/stdout" : path);
        if (status.Kind is FileKind.Folder)
        {
            throw new UsageException($"{option} is {path}, a folder, expected a file.");
        }

        if (status.Kind is FileKind.Regular &&
            inputs.FirstOrDefault(input => FileStatus.Of(input == Standard ? "/dev/stdin" : input) == status) is { } same)
        {
            throw new UsageException($"{option} is {path}, which is the input {same} too, expected another file.");
        }

        try
        {
            return path == Standard ? new OutputFile(path, path, null, Console.OpenStandardOutput())
                : status.Kind is FileKind.Stream || IsOfSystem(path) ? new OutputFile(path, path, null, Through(path))
                : Beside(option, path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{option} is {path}, which cannot be written: {Failure.Reason(fault)}.");
        }
    }

    /// <summary>All is written: brings it to the disk under its name.</summary>
    internal void Complete()
    {
        Close(toDisk: IsRegular);
        if (_temporary is not null)
        {
            if (!OperatingSystem.IsWindows() && File.Exists(_target))
            {
                File.SetUnixFileMode(_temporary, File.GetUnixFileMode(_target));
            }

            AtomicFile.Publish(_temporary, _target);
        }
    }

    /// <summary>Closes it; what is not complete is taken away.</summary>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _file.Dispose(); // before the packer, whose last bytes nobody is to see
        if (_temporary is not null)
        {
            File.Delete(_temporary);
        }
    }

    private void Close(bool toDisk)
    {
        if (_content != _file)
        {
            _content.Dispose();
        }

        if (toDisk)
        {
            ((FileStream)_file).Flush(flushToDisk: true);
        }
        else
        {
            _file.Flush();
        }

        _file.Dispose();
        _closed = true;
    }

    // Names of devices and open files: nothing is ever renamed there, and what is open has its reader already. /dev/shm is an ordinary folder.
    private static bool IsOfSystem(string path) => System.IO.Path.GetFullPath(path) is var full &&
        ((full.StartsWith("/dev/", StringComparison.Ordinal) && !full.StartsWith("/dev/shm/", StringComparison.Ordinal)) || full.StartsWith("/proc/", StringComparison.Ordinal));

    private static FileStream Through(string path) => new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, BufferBytes);

    private static OutputFile Beside(string option, string path)
    {
        string target = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        if (IsOfSystem(target))
        {
            throw new UsageException($"{option} is {path}, which leads to {target}, expected a file outside of the system's own folders.");
        }

        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(target))!;
        if (!Directory.Exists(folder))
        {
            throw new UsageException($"{option} is {path}, expected a file in a folder that exists: {folder} does not; make it first.");
        }

        if (Encoding.UTF8.GetByteCount(System.IO.Path.GetFileName(target)) is > LongestName and var length)
        {
            throw new UsageException($"{option} is {path}, whose name has {length} bytes, expected at most {LongestName}.");
        }

        if (File.Exists(target))
        {
            // Whoever made a file read-only does not want it replaced.
            new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose();
        }

        string temporary = System.IO.Path.Combine(folder, $".restem-{System.IO.Path.GetRandomFileName()}.tmp");
        return new OutputFile(
            path, target, temporary, new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes));
    }
}
