using ReSTEM.Core;
using static ReSTEM.Cli.CheckOutput;

namespace ReSTEM.Cli;

/// <summary>What is planned on a device, and what the device has for it.</summary>
/// <param name="Device">Where.</param>
/// <param name="Needed">In words.</param>
/// <param name="Bytes">Most of it at a time.</param>
/// <param name="Remedy">What makes it smaller.</param>
internal sealed record DeviceMemory(EngineDevice Device, string Needed, long Bytes, string Remedy)
{
    private const string Processor = "cpu";

    /// <summary>What <c>restem check</c> says helps where sampling takes too much.</summary>
    private const string FewerSlots = "use fewer slots (engine.slots), shorter completions, or a smaller model";

    /// <summary>Its name before the line.</summary>
    internal string Name => IsCard ? $"memory of {Device.Name}" : "memory";

    private bool IsCard => Device.Name != Processor;

    /// <summary>The needs of a run, for each device its own.</summary>
    /// <param name="chosen">The devices.</param>
    /// <param name="memory">What is planned.</param>
    /// <param name="remedy">What makes training smaller.</param>
    internal static IReadOnlyList<DeviceMemory> Of(ChosenEngine chosen, MemoryEstimate memory, string remedy)
    {
        string sampling = $"sampling {Megabytes(memory.Sampling)}{(memory.Slots > 0 ? Text($" with {memory.Slots} slots") : "")}";
        string training = $"training {Megabytes(memory.Training)}";
        return chosen.Device.Name == chosen.TrainingDevice.Name
            ? [new(chosen.Device, $"{sampling}, {training}", memory.Peak, remedy)]
            : [
                .. chosen.Device.MemoryBytes > 0 ? [new(chosen.Device, sampling, memory.Sampling, FewerSlots)] : (DeviceMemory[])[], // servers keep theirs to themselves
                new(chosen.TrainingDevice, training, memory.Training, remedy),
            ];
    }

    /// <summary>Refuses a run that its devices cannot hold, before any work.</summary>
    /// <remarks>
    /// A card has what its driver says is free. The system makes room on the processor, so that only what is more than all of its memory is
    /// hopeless; <c>restem check</c> compares with what is free now.
    /// </remarks>
    /// <exception cref="InvalidOperationException">One of them has too little memory.</exception>
    internal static void ThrowUnlessFits(ChosenEngine chosen, MemoryEstimate? memory, string remedy)
    {
        foreach (DeviceMemory need in memory is null ? [] : Of(chosen, memory, remedy))
        {
            need.Against(need.IsCard ? need.Device.FreeBytes : need.Device.MemoryBytes);
        }
    }

    /// <summary>Both in words.</summary>
    /// <param name="have">Bytes that there are.</param>
    /// <exception cref="InvalidOperationException">They are fewer than are needed.</exception>
    internal string Against(long have) => Compare(Name, Needed, Bytes, have, Remedy + Others());

    /// <summary>Who else has memory of a card.</summary>
    private string Others() => IsCard && Device.FreeBytes < Device.MemoryBytes * 9 / 10
        ? $"; other processes hold {Megabytes(Device.MemoryBytes - Device.FreeBytes)} of its {Megabytes(Device.MemoryBytes)} (nvidia-smi shows them)"
        : "";
}
