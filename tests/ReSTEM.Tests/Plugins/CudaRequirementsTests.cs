using ReSTEM.Core;
using ReSTEM.Plugins;

namespace ReSTEM.Tests;

/// <summary>What engines of graphics cards need of the system, each with what mends it.</summary>
public sealed class CudaRequirementsTests : IDisposable
{
    private static readonly EngineKind Torch = EngineKind.Named("torch-cuda")!, Onnx = EngineKind.Named("onnx-cuda")!;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string Driver => _scratch.File("version");

    [Fact]
    public void A_system_that_has_everything_lacks_nothing()
    {
        File.WriteAllText(Driver, "NVRM version: 570.86\nGCC version");
        var system = System(12_080);
        Assert.Empty(system.Missing(Torch));
        Assert.Empty(system.Missing(Onnx));
        Assert.Equal("NVRM version: 570.86, CUDA 12.8", system.DriverVersion);
        system.ThrowIfMissing(Onnx);
    }

    [Fact]
    public void Engines_of_the_processor_need_nothing() =>
        Assert.All(EngineKind.All.Where(kind => kind.CudaMajor == 0), kind => Assert.Empty(System(0).Missing(kind)));

    [Fact]
    public void A_missing_driver_is_named_before_anything_else()
    {
        string missing = Assert.Single(System(0).Missing(Torch));
        Assert.Equal($"NVIDIA's driver is missing ({Driver} does not exist), expected one for CUDA 12; install it: sudo apt-get install nvidia-driver", missing);
        Assert.Equal("", System(0).DriverVersion);
    }

    [Fact]
    public void A_driver_that_cannot_be_asked_is_named()
    {
        File.WriteAllText(Driver, "");
        Assert.Equal("libcuda.so.1 does not load, expected it with NVIDIA's driver; install it: sudo apt-get install libcuda1", Assert.Single(System(0).Missing(Onnx)));
    }

    [Theory]
    [InlineData(11_080, "NVIDIA's driver is for CUDA 11.8, expected 12.0 or later; install a newer one: sudo apt-get install nvidia-driver")]
    [InlineData(10_020, "NVIDIA's driver is for CUDA 10.2, expected 12.0 or later; install a newer one: sudo apt-get install nvidia-driver")]
    [InlineData(12_000, null)]
    [InlineData(13_000, null)] // a newer driver runs what was built for older ones
    public void A_driver_of_an_older_major_version_is_refused(int version, string? expected)
    {
        File.WriteAllText(Driver, "NVRM");
        Assert.Equal(expected is null ? [] : [expected], System(version).Missing(Torch));
        Assert.Equal(expected is null ? [] : [expected], System(version).Missing(Onnx));
    }

    [Fact]
    public void Every_missing_library_of_CUDA_is_named_with_its_package()
    {
        File.WriteAllText(Driver, "NVRM");
        Assert.Equal(
            [
                "libcublas.so.12 does not load, expected it of CUDA 12; install it: sudo apt-get install libcublas-12-8",
                "libcudnn.so.9 does not load, expected it of CUDA 12; install it: sudo apt-get install libcudnn9-cuda-12",
            ],
            System(12_080, "libcublas.so.12", "libcudnn.so.9").Missing(Onnx));
        Assert.Empty(System(12_080, "libcublas.so.12").Missing(Torch)); // its packages bring them
    }

    [Fact]
    public void Computing_on_cards_is_refused_in_one_line_that_names_the_way_out()
    {
        File.WriteAllText(Driver, "NVRM");
        string message = Assert.Throws<EngineException>(() => System(11_000).ThrowIfMissing(Torch)).Message;
        Assert.Equal(
            "torch-cuda has no card to compute on: NVIDIA's driver is for CUDA 11.0, expected 12.0 or later; install a newer one: sudo apt-get install nvidia-driver (or compute on the processor: engine.device cpu).",
            message);
    }

    private CudaRequirements System(int version, params string[] lacking) => new(name => !lacking.Contains(name), () => version, Driver);
}
