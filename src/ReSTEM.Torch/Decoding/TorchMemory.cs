using System.Runtime.InteropServices;
using ReSTEM.Engines;
using ReSTEM.Models;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>Bytes of a device, and how libtorch tells that there are none left.</summary>
internal static class TorchMemory
{
    private const double ShareOfFree = 0.9; // the rest is for what libtorch and others take in between

    /// <summary>Of one number.</summary>
    internal static int BytesOf(ScalarType type) => type == float32 ? sizeof(float) : sizeof(short);

    /// <summary>Whether a failure of libtorch means that memory could not be had.</summary>
    internal static bool IsShortage(ExternalException fault) =>
        fault.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
        || fault.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase);

    /// <summary>Most bytes for keys and values when the weights are in place: a quarter of the process's memory, or most of what a card has free.</summary>
    internal static long ForKeysAndValues(TorchSettings settings, ModelConfig config) => settings.IsCuda
        ? Math.Max(0, (long)(ShareOfFree * CudaDriver.FreeBytes(settings.DeviceName)) - new TorchMemoryModel(config, settings).Pass())
        : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;
}
