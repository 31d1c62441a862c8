using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Torch;

/// <summary>Cards and their memory, as NVIDIA's driver tells them.</summary>
internal static unsafe class CudaDriver
{
    private const string Library = "libcuda.so.1";
    private const int Major = 12; // of the CUDA libraries that the engine is built with
    private const int MajorCapability = 75; // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
    private const int FirstWithBfloat16 = 8;
    private const int NameLength = 128;

    /// <summary>Every card.</summary>
    /// <exception cref="EngineException">There is no driver, or none for these libraries.</exception>
    internal static IReadOnlyList<EngineDevice> Devices()
    {
        nint driver = Open();
        int count;
        Check(((delegate* unmanaged<int*, int>)NativeLoader.Function(driver, "cuDeviceGetCount"))(&count), "cuDeviceGetCount");
        return [.. Enumerable.Range(0, count).Select(number => Device(driver, number))];
    }

    /// <summary>What a card has free now.</summary>
    /// <param name="device"><c>cuda:N</c>.</param>
    internal static long FreeBytes(string device) => Memory(Open(), int.Parse(device.AsSpan(device.IndexOf(':', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture)).Free;

    private static nint Open()
    {
        nint driver;
        try
        {
            driver = NativeLoader.Load(Library);
        }
        catch (EngineException fault)
        {
            throw new EngineException($"NVIDIA's driver is missing: {fault.Message}. Install it for CUDA {Major}, or use torch-cpu.", fault);
        }

        Check(((delegate* unmanaged<uint, int>)NativeLoader.Function(driver, "cuInit"))(0), "cuInit");
        int version;
        Check(((delegate* unmanaged<int*, int>)NativeLoader.Function(driver, "cuDriverGetVersion"))(&version), "cuDriverGetVersion");
        return version / 1000 >= Major ? driver : throw new EngineException(
            $"NVIDIA's driver is for CUDA {version / 1000}.{version % 1000 / 10}, expected {Major}.0 or later; install a newer driver, or use torch-cpu.");
    }

    private static EngineDevice Device(nint driver, int number)
    {
        byte* name = stackalloc byte[NameLength];
        Check(((delegate* unmanaged<byte*, int, int, int>)NativeLoader.Function(driver, "cuDeviceGetName"))(name, NameLength, number), "cuDeviceGetName");
        int capability;
        Check(((delegate* unmanaged<int*, int, int, int>)NativeLoader.Function(driver, "cuDeviceGetAttribute"))(&capability, MajorCapability, number), "cuDeviceGetAttribute");
        var (free, all) = Memory(driver, number);
        return new EngineDevice(
            FormattableString.Invariant($"cuda:{number}"), Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name)), all, free,
            capability >= FirstWithBfloat16 ? [EngineDtype.Float32, EngineDtype.Bfloat16] : [EngineDtype.Float32]);
    }

    /// <summary>In the context that libtorch uses too, for the driver tells memory only inside one.</summary>
    private static (long Free, long All) Memory(nint driver, int number)
    {
        nint context;
        nuint free, all;
        Check(((delegate* unmanaged<nint*, int, int>)NativeLoader.Function(driver, "cuDevicePrimaryCtxRetain"))(&context, number), "cuDevicePrimaryCtxRetain");
        try
        {
            Check(((delegate* unmanaged<nint, int>)NativeLoader.Function(driver, "cuCtxPushCurrent_v2"))(context), "cuCtxPushCurrent");
            Check(((delegate* unmanaged<nuint*, nuint*, int>)NativeLoader.Function(driver, "cuMemGetInfo_v2"))(&free, &all), "cuMemGetInfo");
            Check(((delegate* unmanaged<nint*, int>)NativeLoader.Function(driver, "cuCtxPopCurrent_v2"))(&context), "cuCtxPopCurrent");
        }
        finally
        {
            Check(((delegate* unmanaged<int, int>)NativeLoader.Function(driver, "cuDevicePrimaryCtxRelease_v2"))(number), "cuDevicePrimaryCtxRelease");
        }

        return ((long)free, (long)all);
    }

    private static void Check(int result, string function)
    {
        if (result != 0)
        {
            throw new EngineException($"NVIDIA's driver answers {function} with error {result}, expected 0; see that nvidia-smi shows the card.");
        }
    }
}
