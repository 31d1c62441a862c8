namespace ReSTEM.Plugins;

/// <summary>An engine that can be installed.</summary>
/// <param name="Name">As the command line and configurations have it, for example <c>torch-cpu</c>.</param>
/// <param name="Project">What is published, below the checkout.</param>
/// <param name="Device">The build: <c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Assembly">Simple name of the assembly that has the engine.</param>
/// <param name="Library">The library that computes, for people.</param>
/// <param name="DownloadBytes">What NuGet loads where its cache has nothing, about.</param>
/// <param name="InstalledBytes">What it takes on disk, about.</param>
public sealed record EngineKind(
    string Name, string Project, string Device, string Assembly, string Library, long DownloadBytes, long InstalledBytes)
{
    private const long Megabyte = 1_000_000;

    /// <summary>Every engine that can be installed; the managed one is built in.</summary>
    public static IReadOnlyList<EngineKind> All { get; } =
    [
        new("torch-cpu", "engines/torch.csproj", "cpu", "ReSTEM.Torch", "libtorch 2.10.0 for the processor", 135 * Megabyte, 470 * Megabyte),
        new("torch-cuda", "engines/torch.csproj", "cuda", "ReSTEM.Torch", "libtorch 2.10.0 for CUDA 12.8", 2_800 * Megabyte, 5_500 * Megabyte),
        new("onnx-cpu", "engines/onnx.csproj", "cpu", "ReSTEM.Onnx", "ONNX Runtime 1.31.1 for the processor", 165 * Megabyte, 30 * Megabyte),
        new("onnx-cuda", "engines/onnx.csproj", "cuda", "ReSTEM.Onnx", "ONNX Runtime 1.31.0 for CUDA 12", 250 * Megabyte, 450 * Megabyte),
    ];

    /// <summary>The command that installs it.</summary>
    public string AddCommand => $"restem engine add {Name}";

    /// <summary>The engine of a name; null where there is none.</summary>
    public static EngineKind? Named(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
