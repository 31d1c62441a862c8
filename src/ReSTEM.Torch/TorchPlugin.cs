using ReSTEM.Core;
using ReSTEM.Engines;
using TorchSharp;

namespace ReSTEM.Torch;

/// <summary>The engines <c>torch-cpu</c> and <c>torch-cuda</c>.</summary>
/// <param name="folder">Where it is installed.</param>
public sealed class TorchPlugin(string folder) : IEnginePlugin
{
    private static readonly EngineDtype[] All = [EngineDtype.Float32, EngineDtype.Bfloat16];
    private static readonly EngineDtype[] Float32Only = [EngineDtype.Float32];

    private readonly TorchFolder _folder = new(folder);

    /// <inheritdoc/>
    public string LibraryVersion
    {
        get
        {
            TorchLibraries.Load(_folder);
            return $"libtorch {Version.Parse(torch.__version__).ToString(3)}";
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<EngineDevice> Devices
    {
        get
        {
            TorchLibraries.Load(_folder);
            return _folder.HasCuda ? [Processor.Device, .. CudaDriver.Cards().Select(static card => card.ToDevice(card.HasBfloat16 ? All : Float32Only))] : [Processor.Device];
        }
    }

    /// <inheritdoc/>
    public void Prepare() => _folder.Prepare();

    /// <inheritdoc/>
    public IEngine Open(EngineSettings settings) => new TorchEngine(TorchSettings.Of(settings, Devices, _folder.EngineName, LibraryVersion));
}
