using System.Runtime.InteropServices;
using System.Text;

namespace ReSTEM.Onnx;

/// <summary>What the driver says of the cards, which ONNX Runtime does not.</summary>
internal static unsafe partial class CudaDriver
{
    private const string Library = "libcuda.so.1";
    private const int NameLength = 256;

    /// <summary>Count of cards; 0 where there is no driver.</summary>
    internal static int CardCount()
    {
        if (!NativeLibrary.TryLoad(Library, out nint handle))
        {
            return 0;
        }

        NativeLibrary.Free(handle);
        return cuInit(0) == 0 && cuDeviceGetCount(out int count) == 0 ? count : 0;
    }

    /// <summary>A card's name, all of its memory and what of it is free now, in bytes.</summary>
    internal static (string Name, long Memory, long Free) Card(int number)
    {
        Span<byte> name = stackalloc byte[NameLength];
        fixed (byte* first = name)
        {
            int fault = cuDeviceGet(out int device, number) | cuDeviceGetName(first, NameLength, device) | cuDevicePrimaryCtxRetain(out nint context, device);
            fault |= cuCtxSetCurrent(context) | cuMemGetInfo(out nuint free, out nuint memory);
            string text = Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]);
            return fault == 0 ? (text, (long)memory, (long)free) : (text, 0, 0);
        }
    }

    [LibraryImport(Library)]
    private static partial int cuInit(uint flags);

    [LibraryImport(Library)]
    private static partial int cuDeviceGetCount(out int count);

    [LibraryImport(Library)]
    private static partial int cuDeviceGet(out int device, int ordinal);

    [LibraryImport(Library)]
    private static partial int cuDeviceGetName(byte* name, int length, int device);

    [LibraryImport(Library)]
    private static partial int cuDevicePrimaryCtxRetain(out nint context, int device);

    [LibraryImport(Library)]
    private static partial int cuCtxSetCurrent(nint context);

    [LibraryImport(Library, EntryPoint = "cuMemGetInfo_v2")]
    private static partial int cuMemGetInfo(out nuint free, out nuint total);
}
