using ReSTEM.Core;
using ReSTEM.Torch;
using static TorchSharp.torch;

namespace ReSTEM.EngineTests;

internal static class TorchUse
{
    internal static TorchSettings Settings() => new(CPU, float32, new EngineFingerprint("torch-cpu", "1", "float32", true));
}
