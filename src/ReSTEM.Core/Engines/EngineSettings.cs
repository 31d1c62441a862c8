namespace ReSTEM.Core;

/// <summary>What an engine is asked to compute on, and in what.</summary>
public sealed record EngineSettings
{
    /// <summary><c>cpu</c>, or <c>cuda:N</c> with N from 0.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Of weights, activations, keys and values while it samples; of activations while it trains.</summary>
    public EngineDtype Dtype { get; init; }

    /// <summary>Threads of the processor, at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Completions drawn at once, at least 1; null lets the engine choose as many as fit.</summary>
    public int? Slots { get; init; }

    /// <summary>Is told, in a sentence, what the user should know: that memory ran short and fewer slots are drawn at once, for one.</summary>
    public Action<string> Notice { get; init; } = static _ => { };

    /// <summary>The device that is asked for.</summary>
    /// <param name="devices">Those that the engine has here.</param>
    /// <param name="engine">Its name, for the message.</param>
    /// <exception cref="EngineException">It is not among them, does not compute in these numbers, or a count is below 1.</exception>
    public EngineDevice DeviceAmong(IReadOnlyList<EngineDevice> devices, string engine)
    {
        EngineDevice device = devices.FirstOrDefault(device => device.Name == Device) ?? throw new EngineException(
            $"engine.device is {Device}, expected {(devices.Count > 0 ? string.Join(" or ", devices.Select(static device => device.Name)) : "a device, and there is none")} for {engine} here (restem doctor shows what there is).");
        if (!device.Dtypes.Contains(Dtype))
        {
            throw new EngineException(
                $"engine.dtype is {NameOf(Dtype)}, expected {string.Join(" or ", device.Dtypes.Select(NameOf))}: {engine} computes in no other numbers on {device.Name} ({device.Description}).");
        }

        return Threads >= 1 && Slots is null or >= 1 ? device : throw new EngineException(
            $"engine.threads is {Threads} and engine.slots {(Slots is { } slots ? $"{slots}" : "not set")}, expected at least 1 each.");
    }

    /// <summary>Numbers as configurations and fingerprints have them, for example <c>bfloat16</c>.</summary>
    public static string NameOf(EngineDtype dtype) => dtype.ToString().ToLowerInvariant();
}

/// <summary>The numbers that an engine computes in.</summary>
public enum EngineDtype
{
    /// <summary>IEEE 754 single precision.</summary>
    Float32,

    /// <summary>The upper half of a float32; sums, and what training remembers, are float32.</summary>
    Bfloat16,

    /// <summary>IEEE 754 half precision; sums are float32.</summary>
    Float16,

    /// <summary>Weights as 8-bit integers with a scale for each block, or each output. Samples only; training beside it is float32.</summary>
    Int8,

    /// <summary>Weights as 4-bit integers in blocks with a scale each; everything else float32. Samples only.</summary>
    Int4,
}
