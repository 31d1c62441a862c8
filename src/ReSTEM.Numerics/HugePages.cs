using System.Runtime.InteropServices;

namespace ReSTEM.Numerics;

/// <summary>Asks the kernel for pages of 2 MiB: the first touch of memory costs one fault for 512 of the usual pages.</summary>
/// <remarks>A hint: where the system has no such pages, or gives none to those who ask (<c>transparent_hugepage=never</c>), nothing changes.</remarks>
internal static unsafe partial class HugePages
{
    private const int Advice = 14; // MADV_HUGEPAGE

    private const int PageBytes = 4096;

    /// <summary>Two huge pages: one at least lies within wherever the memory begins.</summary>
    private const int MinBytes = 4 << 20;

    /// <summary>Whether memory for this many numbers is large enough to hold such pages.</summary>
    internal static bool Suit(int length) => length >= MinBytes / sizeof(float) && OperatingSystem.IsLinux();

    /// <summary>Gives the hint for memory that was not touched yet.</summary>
    internal static void Advise(float* memory, int length)
    {
        nint start = ((nint)memory + PageBytes - 1) / PageBytes * PageBytes;
        nint end = ((nint)memory + ((nint)length * sizeof(float))) / PageBytes * PageBytes;
        _ = Advise(start, end - start, Advice); // refused by old kernels, which lose nothing by it
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nint length, int advice);
}
