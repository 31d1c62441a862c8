using System.Runtime.InteropServices;

namespace ReSTEM.Numerics;

/// <summary>
/// Memory on pages of 2 MiB. The first touch costs one fault for 512 of the usual pages, and a product that streams all weights of a
/// model needs few entries of the processor's page table: on a virtual machine that table is the host's, and with small pages
/// the same product was seen to run at anything from a fifth to all of its speed.
/// </summary>
/// <remarks>
/// Buffers are cut from slabs one after the other, so that small ones share a page; a slab lives as long as any buffer of it. The pages
/// are a hint: where the system has none, or gives none to those who ask (<c>transparent_hugepage=never</c>), nothing changes.
/// </remarks>
internal static unsafe partial class HugePages
{
    private const int Advice = 14; // MADV_HUGEPAGE
    private const int PageBytes = 2 << 20;
    private const int SmallPageBytes = 4096;
    private const int LineNumbers = 64 / sizeof(float); // a cache line
    private const int MinBytes = 64 << 10; // 16 of the usual pages; for less, clearing a large one is not worth it
    private const int SlabBytes = 32 << 20;
    private const int MaxSharedBytes = SlabBytes / 4; // the rest of a slab that has no room for the next is never touched

    private static readonly Lock Cutting = new();
    private static readonly WeakReference<float[]?> Slab = new(null);
    private static int _used; // numbers of the slab, from its start

    /// <summary>Whether memory for this many numbers is large enough for such pages.</summary>
    internal static bool Suit(int length) => length >= MinBytes / sizeof(float);

    /// <summary>A part of pinned memory on a 64-byte boundary, with anything in it.</summary>
    /// <param name="length">At most 2^31 - 2^20.</param>
    internal static (float[] Storage, int Offset) Cut(int length)
    {
        if (length > MaxSharedBytes / sizeof(float))
        {
            return Allocate(length);
        }

        lock (Cutting)
        {
            if (!Slab.TryGetTarget(out float[]? slab) || _used + length > slab.Length)
            {
                (slab, _used) = Allocate(SlabBytes / sizeof(float));
                Slab.SetTarget(slab);
            }

            int offset = _used;
            _used += (length + LineNumbers - 1) / LineNumbers * LineNumbers;
            return (slab, offset);
        }
    }

    private static (float[] Storage, int Offset) Allocate(int length)
    {
        float[] storage = GC.AllocateUninitializedArray<float>(length + (PageBytes / sizeof(float)), pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(storage, 0);
        nint start = (address + PageBytes - 1) / PageBytes * PageBytes;
        if (OperatingSystem.IsLinux())
        {
            // before the first touch; refused by old kernels, which lose nothing by it
            _ = Advise(start, (address + ((nint)storage.Length * sizeof(float)) - start) / SmallPageBytes * SmallPageBytes, Advice);
        }

        return (storage, (int)((start - address) / sizeof(float)));
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nint length, int advice);
}
