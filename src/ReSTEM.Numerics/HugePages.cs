using System.Runtime.InteropServices;

namespace ReSTEM.Numerics;

/// <summary>Asks Linux for pages of 2 MiB under large memory, since each first touch of a small one is a fault, which some machines make dear.</summary>
internal static partial class HugePages
{
    private const long PageBytes = 2 << 20;
    private const long LeastBytes = 8 * PageBytes; // below, small pages are few
    private const int Huge = 14; // MADV_HUGEPAGE of Linux's mman.h

    /// <summary>Whole huge pages inside the memory, where there are enough; nothing if the system has none. The content stays.</summary>
    internal static void Ask(long address, long bytes)
    {
        if (bytes < LeastBytes || !OperatingSystem.IsLinux())
        {
            return;
        }

        long start = (address + PageBytes - 1) / PageBytes * PageBytes, end = (address + bytes) / PageBytes * PageBytes;
        _ = Advise((nint)start, (nuint)(end - start), Huge); // advice only: without it the memory is the same
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
