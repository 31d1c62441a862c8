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
        ? OfCard(CudaDriver.FreeBytes(settings.DeviceName), new TorchMemoryModel(config, settings).Pass())
        : OfProcessor;

    /// <summary>The same on a card that has so much free beside the weights.</summary>
    /// <param name="free">In bytes.</param>
    /// <param name="pass">What a forward pass takes.</param>
    internal static long OfCard(long free, long pass) => Math.Max(0, (long)(ShareOfFree * free) - pass);

    /// <summary>The same on the processor.</summary>
    internal static long OfProcessor => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;
}
