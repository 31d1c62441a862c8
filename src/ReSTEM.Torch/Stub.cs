using ReSTEM.Core;
using ReSTEM.Models;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

internal sealed record TorchSettings(Device Device, ScalarType Type, EngineFingerprint Fingerprint);
internal static class TorchEngine
{
    internal static IPolicy Open(IWeightSource w, Adapter? a, string s, ITokenizer? t, TorchSettings x) => throw new NotSupportedException();
}
