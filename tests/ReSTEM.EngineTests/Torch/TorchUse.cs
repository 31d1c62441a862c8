using System.Collections.Concurrent;
using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;
using ReSTEM.Torch;

namespace ReSTEM.EngineTests;

/// <summary>The engine on libtorch, loaded from the folder that the tests install it in.</summary>
internal static class TorchUse
{
    private static readonly ConcurrentDictionary<(EngineDtype Dtype, int Threads, int? Slots, long? KvBytes), TorchSettings> Known = new();

    internal static TorchPlugin Plugin { get; } = new(InstalledEngines.TorchCpu);

    /// <summary>The processor, libtorch being loaded.</summary>
    internal static TorchSharp.torch.Device Processor => Settings().Device;

    /// <summary>Where it is installed.</summary>
    internal static string Folder => InstalledEngines.TorchCpu;

    /// <summary>The same object for the same settings without a notice: their test of the device takes a second or two.</summary>
    internal static TorchSettings Settings(
        EngineDtype dtype = EngineDtype.Float32, int threads = 2, int? slots = null, long? kvBytes = null, Action<string>? notice = null) =>
        notice is null ? Known.GetOrAdd((dtype, threads, slots, kvBytes), static key => Create(key.Dtype, key.Threads, key.Slots, key.KvBytes, static _ => { }))
            : Create(dtype, threads, slots, kvBytes, notice);

    internal static IPolicy Open(IWeightSource weights, TorchSettings settings) => TorchEngine.Open(weights, null, "", null, settings);

    internal static IPolicy Managed(IWeightSource weights) => ManagedEngine.Open(weights, "", null, new EngineOptions { Threads = 1 });

    private static TorchSettings Create(EngineDtype dtype, int threads, int? slots, long? kvBytes, Action<string> notice)
    {
        var settings = TorchSettings.Of(
            new EngineSettings { Dtype = dtype, Threads = threads, Slots = slots, Notice = notice }, Plugin.Devices, "torch-cpu", Plugin.LibraryVersion);
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
}
