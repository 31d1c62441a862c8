using Microsoft.ML.OnnxRuntime;
using ReSTEM.Core;
using ReSTEM.Engines;

namespace ReSTEM.Onnx;

/// <summary>The engine on ONNX Runtime as it is installed: samples on the processor, or on cards where the folder has their provider.</summary>
/// <param name="folder">Where it is installed.</param>
public sealed class OnnxPlugin(string folder) : IEnginePlugin
{
    private static readonly EngineDtype[] OnProcessor = [EngineDtype.Float32, EngineDtype.Int8, EngineDtype.Int4];

    /// <summary>The library has attention with a length for each row on cards in these only.</summary>
    private static readonly EngineDtype[] OnCards = [EngineDtype.Bfloat16, EngineDtype.Float16];

    private string Name => OnnxLibrary.HasCards(folder) ? "onnx-cuda" : "onnx-cpu";

    /// <inheritdoc/>
    public string LibraryVersion
    {
        get
        {
            OnnxLibrary.Load(folder);
            return $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}";
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<EngineDevice> Devices
    {
        get
        {
            OnnxLibrary.Load(folder);
            return [Processor(), .. Cards()];
        }
    }

    /// <inheritdoc/>
    public void Prepare() => OnnxLibrary.Load(folder); // nothing of it depends on the system

    /// <inheritdoc/>
    public IEngine Open(EngineSettings settings)
    {
        EngineDevice known = settings.DeviceAmong(Devices, Name);
        var device = OnnxDevice.Of(settings);
        if (device.IsCard)
        {
            OnnxLibrary.ThrowUnlessCards(folder);
            ThrowUnlessUsable(device);
        }

        return new OnnxEngine(Name, settings, device, known);
    }

    private static EngineDevice Processor()
    {
        var memory = GC.GetGCMemoryInfo();
        return new EngineDevice(
            "cpu", $"{Environment.ProcessorCount} processors", memory.TotalAvailableMemoryBytes,
            Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes), OnProcessor);
    }

    private IEnumerable<EngineDevice> Cards() => OnnxLibrary.HasCards(folder)
        ? CudaDriver.Cards().Select(static card => card.ToDevice(card.HasBfloat16 ? OnCards : [EngineDtype.Float16]))
        : [];

    /// <summary>Loads the provider, which looks for CUDA's own libraries.</summary>
    private static void ThrowUnlessUsable(OnnxDevice device)
    {
        try
        {
            device.Options().Dispose();
        }
        catch (OnnxRuntimeException fault)
        {
            throw new EngineException($"cuda:{device.CardNumber} cannot be used: {OnnxLibrary.OneLine(fault.Message)}", fault);
        }
    }
}
