using System.Globalization;
using System.Runtime.InteropServices;
using ReSTEM.Core;

namespace ReSTEM.Plugins;

/// <summary>What an engine of graphics cards needs of the system, which no package brings: NVIDIA's driver, and for some CUDA's libraries.</summary>
/// <param name="loads">Whether a native library loads by its name.</param>
/// <param name="cudaVersion">The newest CUDA that the driver knows, as it writes it (12.8: 12080); 0 where it cannot be asked.</param>
/// <param name="driverFile">Where the kernel tells of the driver.</param>
public sealed class CudaRequirements(Func<string, bool> loads, Func<int> cudaVersion, string driverFile)
{
    private const string Driver = "libcuda.so.1";
    private const int PerMajor = 1000, PerMinor = 10; // the driver's way of writing 12.8: 12080

    /// <summary>Those of this system.</summary>
    public static CudaRequirements OfSystem { get; } =
        new(static name => NativeLibrary.TryLoad(name, out _), VersionOfDriver, "/proc/driver/nvidia/version");

    /// <summary>The version of the driver for people, for example <c>NVIDIA 570.86, CUDA 12.8</c>; empty where there is none.</summary>
    public string DriverVersion => !File.Exists(driverFile) ? ""
        : $"{File.ReadLines(driverFile).FirstOrDefault("").Trim()}{(cudaVersion() is > 0 and var version ? $", CUDA {Text(version)}" : "")}";

    /// <summary>What an engine lacks, each with what mends it; none where its cards can be used, and for engines of the processor.</summary>
    public IReadOnlyList<string> Missing(EngineKind kind)
    {
        if (kind.CudaMajor == 0)
        {
            return [];
        }

        if (!File.Exists(driverFile))
        {
            return [$"NVIDIA's driver is missing ({driverFile} does not exist), expected one for CUDA {kind.CudaMajor}; install it: sudo apt-get install nvidia-driver"];
        }

        int version = cudaVersion();
        return version == 0
            ? [$"{Driver} does not load, expected it with NVIDIA's driver; install it: sudo apt-get install libcuda1"]
            : version / PerMajor < kind.CudaMajor
            ? [$"NVIDIA's driver is for CUDA {Text(version)}, expected {kind.CudaMajor}.0 or later; install a newer one: sudo apt-get install nvidia-driver"]
            : [
                .. kind.SystemLibraries.Where(library => !loads(library.Name))
                    .Select(library => $"{library.Name} does not load, expected it of CUDA {kind.CudaMajor}; install it: sudo apt-get install {library.Package}"),
            ];
    }

    /// <summary>Refuses to compute on cards that cannot be used.</summary>
    /// <exception cref="EngineException">Something is missing.</exception>
    public void ThrowIfMissing(EngineKind kind)
    {
        if (Missing(kind) is [var first, ..])
        {
            throw new EngineException($"{kind.Name} has no card to compute on: {first} (or compute on the processor: engine.device cpu).");
        }
    }

    private static int VersionOfDriver()
    {
        if (!NativeLibrary.TryLoad(Driver, out nint library) || !NativeLibrary.TryGetExport(library, "cuDriverGetVersion", out nint function))
        {
            return 0;
        }

        unsafe
        {
            int version = 0;
            int status = ((delegate* unmanaged<int*, int>)function)(&version);
            return status == 0 ? version : 0;
        }
    }

    private static string Text(int version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version / PerMajor}.{version % PerMajor / PerMinor}");
}
