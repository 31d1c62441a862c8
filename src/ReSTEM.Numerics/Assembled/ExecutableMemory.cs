using System.Runtime.InteropServices;

namespace ReSTEM.Numerics;

/// <summary>Instructions in memory of their own, which is written once and then only read and executed; it stays for the process's life.</summary>
internal static unsafe partial class ExecutableMemory
{
    private const int Read = 1, Write = 2, Execute = 4, Private = 2, Anonymous = 0x20; // of Linux's mman.h

    /// <summary>Whether this system is one whose memory is mapped as here.</summary>
    internal static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>The address of the instructions; 0 where the system forbids memory that is executed after it was written.</summary>
    internal static nint Place(ReadOnlySpan<byte> instructions)
    {
        nuint length = (nuint)instructions.Length;
        nint memory = Map(0, length, Read | Write, Private | Anonymous, -1, 0);
        if (memory == -1)
        {
            return 0;
        }

        instructions.CopyTo(new Span<byte>((void*)memory, instructions.Length));
        if (Protect(memory, length, Read | Execute) == 0)
        {
            return memory;
        }

        _ = Unmap(memory, length);
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
