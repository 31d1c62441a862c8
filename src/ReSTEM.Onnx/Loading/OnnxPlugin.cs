using Microsoft.ML.OnnxRuntime;
using ReSTEM.Core;

namespace ReSTEM.Onnx;

/// <summary>The engine on ONNX Runtime as it is installed: samples on the processor, or on cards where the folder has their provider.</summary>
/// <param name="folder">Where it is installed.</param>
public sealed class OnnxPlugin(string folder) : IEnginePlugin
{
    /// <summary>Most cards that are asked for.</summary>
    private const int MostCards = 64;

    private static readonly EngineDtype[] OnProcessor = [EngineDtype.Float32, EngineDtype.Int8, EngineDtype.Int4];

    /// <summary>The library has attention with a length for each row on cards in these only.</summary>
    private static readonly EngineDtype[] OnCards = [EngineDtype.Bfloat16, EngineDtype.Float16];

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
        OnnxLibrary.Load(folder);
        var device = OnnxDevice.Parse(settings);
        if (settings.Threads < 1 || settings.Slots < 1)
        {
            throw new EngineException($"engine.threads is {settings.Threads} and engine.slots {settings.Slots?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "not set"}, expected at least 1 each.");
        }

        if (device.IsCard)
        {
            OnnxLibrary.ThrowUnlessCards(folder);
        }

        var known = device.IsCard ? Card(device.CardNumber!.Value) : Processor();
        return known.Dtypes.Contains(settings.Dtype)
            ? new OnnxEngine(settings, device, known)
            : throw new EngineException(
                $"engine.dtype is {settings.Dtype.ToString().ToLowerInvariant()}, expected {string.Join(", ", known.Dtypes).ToLowerInvariant()} on {known.Name} with ONNX Runtime.");
    }

    private static EngineDevice Processor()
    {
        var memory = GC.GetGCMemoryInfo();
        return new EngineDevice(
            "cpu", $"{Environment.ProcessorCount} processors", memory.TotalAvailableMemoryBytes,
            Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes), OnProcessor);
    }

    private IEnumerable<EngineDevice> Cards()
    {
        int count = OnnxLibrary.HasCards(folder) ? Math.Min(MostCards, CudaDriver.CardCount()) : 0;
        return Enumerable.Range(0, count).Select(Card);
    }

    private static EngineDevice Card(int number)
    {
        int count = CudaDriver.CardCount();
        if (number >= count)
        {
            throw new EngineException($"engine.device is cuda:{number}, expected {(count == 0 ? "cpu: there is no card here" : $"cuda:0 to cuda:{count - 1}")}.");
        }

        ThrowUnlessUsable(number);
        var (name, memory, free) = CudaDriver.Card(number);
        return new EngineDevice($"cuda:{number}", name, memory, free, OnCards);
    }

    /// <summary>Loads the provider, which looks for CUDA's own libraries.</summary>
    private static void ThrowUnlessUsable(int number)
    {
        try
        {
            new OnnxDevice(number, 1).Options().Dispose();
        }
        catch (OnnxRuntimeException fault)
        {
            throw new EngineException($"cuda:{number} cannot be used: {OnnxLibrary.OneLine(fault.Message)}", fault);
        }
    }
}
