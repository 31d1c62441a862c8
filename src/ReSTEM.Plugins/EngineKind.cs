namespace ReSTEM.Plugins;

/// <summary>An engine that can be installed.</summary>
/// <param name="Name">As the command line and configurations have it, for example <c>torch-cpu</c>.</param>
/// <param name="Project">What is published, below the checkout.</param>
/// <param name="Assembly">Simple name of the assembly that has the engine.</param>
/// <param name="Library">The library that computes, for people.</param>
/// <param name="CudaMajor">Version of CUDA that it is built for; 0 for an engine of the processor.</param>
/// <param name="DownloadBytes">What NuGet loads where its cache has nothing, about.</param>
/// <param name="InstalledBytes">What it takes on disk, about.</param>
public sealed record EngineKind(
    string Name, string Project, string Assembly, string Library, int CudaMajor, long DownloadBytes, long InstalledBytes)
{
    private const long Megabyte = 1_000_000;
    private const string TorchProject = "engines/torch.csproj", OnnxProject = "engines/onnx.csproj";
    private const string TorchAssembly = "ReSTEM.Torch", OnnxAssembly = "ReSTEM.Onnx";

    /// <summary>Every engine that can be installed; the managed one is built in.</summary>
    public static IReadOnlyList<EngineKind> All { get; } =
    [
        new("torch-cpu", TorchProject, TorchAssembly, "libtorch 2.10.0 for the processor", 0, 135 * Megabyte, 470 * Megabyte),
        new("torch-cuda", TorchProject, TorchAssembly, "libtorch 2.10.0 for CUDA 12.8", 12, 2_800 * Megabyte, 5_500 * Megabyte),
        new("onnx-cpu", OnnxProject, OnnxAssembly, "ONNX Runtime 1.31.1 for the processor", 0, 165 * Megabyte, 30 * Megabyte),
        new("onnx-cuda", OnnxProject, OnnxAssembly, "ONNX Runtime 1.31.0 for CUDA 12", 12, 250 * Megabyte, 450 * Megabyte)
        {
            SystemLibraries =
            [
                ("libcudart.so.12", "cuda-cudart-12-8"), ("libcublas.so.12", "libcublas-12-8"), ("libcufft.so.11", "libcufft-12-8"),
                ("libcurand.so.10", "libcurand-12-8"), ("libcudnn.so.9", "libcudnn9-cuda-12"),
            ],
        },
    ];

    /// <summary>The build: <c>cpu</c> or <c>cuda</c>.</summary>
    public string Device => CudaMajor == 0 ? "cpu" : "cuda";

    /// <summary>What it computes on where nothing is said.</summary>
    public string DefaultDevice => CudaMajor == 0 ? "cpu" : "cuda:0";

    /// <summary>Libraries that its packages do not bring and the system must have, each with the package that has it.</summary>
    public IReadOnlyList<(string Name, string Package)> SystemLibraries { get; init; } = [];

    /// <summary>The command that installs it.</summary>
    public string AddCommand => $"restem engine add {Name}";

    /// <summary>The engine of a name; null where there is none.</summary>
    public static EngineKind? Named(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
