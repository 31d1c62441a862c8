using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>A graphics card, as its driver tells of it.</summary>
/// <param name="Number">N of <c>cuda:N</c>.</param>
/// <param name="Description">Its kind, for people.</param>
/// <param name="MemoryBytes">All of its memory.</param>
/// <param name="FreeBytes">What of it is free now.</param>
/// <param name="ComputeMajor">Major number of its compute capability; from 8 on it computes in bfloat16.</param>
public sealed record CudaCard(int Number, string Description, long MemoryBytes, long FreeBytes, int ComputeMajor)
{
    private const int FirstWithBfloat16 = 8;

    /// <summary>Whether its units multiply in bfloat16.</summary>
    public bool HasBfloat16 => ComputeMajor >= FirstWithBfloat16;

    /// <summary>As a device of an engine.</summary>
    public EngineDevice ToDevice(IReadOnlyList<EngineDtype> dtypes) =>
        new(FormattableString.Invariant($"{CudaDriver.DevicePrefix}{Number}"), Description, MemoryBytes, FreeBytes, dtypes);
}

/// <summary>Graphics cards and their memory, asked of NVIDIA's driver: neither library of the engines tells all of it.</summary>
public static unsafe partial class CudaDriver
{
    /// <summary>How names of cards begin.</summary>
    internal const string DevicePrefix = "cuda:";

    private const string Library = "libcuda.so.1";
    private const int MajorCapability = 75; // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
    private const int NameLength = 256;

    /// <summary>Every card; none where there is no driver.</summary>
    /// <exception cref="EngineException">The driver answers with an error.</exception>
    public static IReadOnlyList<CudaCard> Cards()
    {
        if (!NativeLibrary.TryLoad(Library, out _))
        {
            return [];
        }

        Check(Initialize(0), "cuInit");
        Check(GetCount(out int count), "cuDeviceGetCount");
        return [.. Enumerable.Range(0, count).Select(Card)];
    }

    /// <summary>What a card has free now, in bytes.</summary>
    /// <param name="device"><c>cuda:N</c>.</param>
    /// <exception cref="EngineException">The driver answers with an error.</exception>
    public static long FreeBytes(string device) => Memory(int.Parse(device.AsSpan(DevicePrefix.Length), CultureInfo.InvariantCulture)).Free;

    private static CudaCard Card(int number)
    {
        byte* name = stackalloc byte[NameLength];
        Check(GetName(name, NameLength, number), "cuDeviceGetName");
        Check(GetAttribute(out int capability, MajorCapability, number), "cuDeviceGetAttribute");
        var (free, all) = Memory(number);
        return new CudaCard(number, Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name)), all, free, capability);
    }

    /// <summary>In the context that the libraries use too, for the driver tells memory only inside one.</summary>
    private static (long Free, long All) Memory(int number)
    {
        Check(RetainContext(out nint context, number), "cuDevicePrimaryCtxRetain");
        try
        {
            Check(PushContext(context), "cuCtxPushCurrent");
            Check(GetMemory(out nuint free, out nuint all), "cuMemGetInfo");
            Check(PopContext(out _), "cuCtxPopCurrent");
            return ((long)free, (long)all);
        }
        finally
        {
            Check(ReleaseContext(number), "cuDevicePrimaryCtxRelease");
        }
    }

    private static void Check(int result, string function)
    {
        if (result != 0)
        {
            throw new EngineException($"NVIDIA's driver answers {function} with error {result}, expected 0; see that nvidia-smi shows the card.");
        }
    }

    [LibraryImport(Library, EntryPoint = "cuInit")]
    private static partial int Initialize(uint flags);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetCount")]
    private static partial int GetCount(out int count);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetName")]
    private static partial int GetName(byte* name, int length, int device);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetAttribute")]
    private static partial int GetAttribute(out int value, int attribute, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRetain")]
    private static partial int RetainContext(out nint context, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    private static partial int ReleaseContext(int device);

    [LibraryImport(Library, EntryPoint = "cuCtxPushCurrent_v2")]
    private static partial int PushContext(nint context);

    [LibraryImport(Library, EntryPoint = "cuCtxPopCurrent_v2")]
    private static partial int PopContext(out nint context);

    [LibraryImport(Library, EntryPoint = "cuMemGetInfo_v2")]
    private static partial int GetMemory(out nuint free, out nuint total);
}
