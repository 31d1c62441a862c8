using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ReSTEM.Cli;

/// <summary>What a path leads to, links followed.</summary>
internal enum FileKind
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>A file that can be replaced by another one.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A device, FIFO or socket: there is nothing to replace, what is written goes through it.</summary>
    Stream,
}

/// <summary>What a path leads to, and which file it is, whatever it is called.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Identity">Equal for two names of one file; empty for a missing one.</param>
internal readonly partial record struct FileStatus(FileKind Kind, string Identity)
{
    private const int CurrentFolder = -100;
    private const uint TypeAndInode = 0x101;
    private const int FormatMask = 0xF000, FolderFormat = 0x4000, RegularFormat = 0x8000;
    private const int ModeAt = 28, InodeAt = 32, DeviceMajorAt = 136, DeviceMinorAt = 140, StatusBytes = 256;

    /// <summary>Looks at a path.</summary>
    /// <param name="path">Not empty.</param>
    internal static FileStatus Of(string path) => OperatingSystem.IsLinux() ? OfLinux(path) : new FileStatus(
        Directory.Exists(path) ? FileKind.Folder : File.Exists(path) ? FileKind.Regular : FileKind.Missing,
        Path.Exists(path) ? Path.GetFullPath(path) : "");

    // The layout of struct statx is the same on all processors, unlike that of struct stat.
    private static unsafe FileStatus OfLinux(string path)
    {
        Span<byte> status = stackalloc byte[StatusBytes];
        fixed (byte* buffer = status)
        {
            if (Statx(CurrentFolder, path, 0, TypeAndInode, buffer) != 0)
            {
                return new FileStatus(FileKind.Missing, "");
            }
        }

        int format = BinaryPrimitives.ReadUInt16LittleEndian(status[ModeAt..]) & FormatMask;
        return new FileStatus(
            format switch { FolderFormat => FileKind.Folder, RegularFormat => FileKind.Regular, _ => FileKind.Stream },
            Convert.ToHexString(status.Slice(InodeAt, sizeof(ulong))) +
                Convert.ToHexString(status[DeviceMajorAt..(DeviceMinorAt + sizeof(uint))]));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint mask, byte* buffer);
}
