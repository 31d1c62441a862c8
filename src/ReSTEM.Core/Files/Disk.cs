using System.Runtime.InteropServices;

namespace ReSTEM.Core;

/// <summary>
/// Brings what was written to the disk itself. A rename survives a power cut only when the folder that holds the name is flushed too,
/// for which .NET has no call.
/// </summary>
internal static partial class Disk
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;
    private const int InvalidArgument = 22;

    /// <summary>Flushes a file, or the names in a folder.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    internal static void Flush(string path)
    {
        int descriptor = Open(path, ReadOnly | CloseOnExec);
        if (descriptor < 0)
        {
            throw Fault(path, Marshal.GetLastPInvokeError());
        }

        try
        {
            // Some network file systems have nothing to flush in a folder, and say that the argument is invalid.
            if (Synchronise(descriptor) != 0 && Marshal.GetLastPInvokeError() is var error and not InvalidArgument)
            {
                throw Fault(path, error);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Flushes a folder with all that is in it.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    internal static void FlushTree(string folder)
    {
        foreach (string entry in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories))
        {
            Flush(entry);
        }

        Flush(folder);
    }

    private static IOException Fault(string path, int error) =>
        new($"{path} cannot be flushed to the disk: {Marshal.GetPInvokeErrorMessage(error)}. Look at the disk, then start the same command again.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronise(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
