using ReSTEM.Core;
using ReSTEM.Torch;

namespace ReSTEM.EngineTests;

internal static class TorchUse
{
    internal static TorchSettings Settings(EngineDtype dtype = EngineDtype.Float32) => TorchSettings.Of(
        new EngineSettings { Dtype = dtype }, new TorchPlugin(InstalledEngines.TorchCpu).Devices, "torch-cpu", "libtorch 2.10.0");
}
