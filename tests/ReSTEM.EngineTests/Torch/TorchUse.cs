using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;
using ReSTEM.Torch;

namespace ReSTEM.EngineTests;

/// <summary>The engine on libtorch, loaded from the folder that the tests install it in.</summary>
internal static class TorchUse
{
    internal static TorchPlugin Plugin { get; } = new(InstalledEngines.TorchCpu);

    /// <summary>The processor, libtorch being loaded.</summary>
    internal static TorchSharp.torch.Device Processor => Settings().Device;

    /// <summary>Where it is installed.</summary>
    internal static string Folder => InstalledEngines.TorchCpu;

    internal static TorchSettings Settings(
        EngineDtype dtype = EngineDtype.Float32, int threads = 2, int? slots = null, long? kvBytes = null, Action<string>? notice = null)
    {
        var settings = TorchSettings.Of(
            new EngineSettings { Dtype = dtype, Threads = threads, Slots = slots, Notice = notice ?? (static _ => { }) }, Plugin.Devices, "torch-cpu", Plugin.LibraryVersion);
        return kvBytes is null ? settings : new TorchSettings
        {
            EngineName = settings.EngineName,
            LibraryVersion = settings.LibraryVersion,
            DeviceKind = settings.DeviceKind,
            DeviceName = settings.DeviceName,
            FreeBytes = settings.FreeBytes,
            Type = settings.Type,
            Threads = settings.Threads,
            Slots = settings.Slots,
            Notice = settings.Notice,
            KvBytes = kvBytes,
        };
    }

    internal static IPolicy Open(IWeightSource weights, TorchSettings settings) => TorchEngine.Open(weights, null, "", null, settings);

    internal static IPolicy Managed(IWeightSource weights) => ManagedEngine.Open(weights, "", null, new EngineOptions { Threads = 1 });
}
