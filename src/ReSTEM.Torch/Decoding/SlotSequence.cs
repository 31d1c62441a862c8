using ReSTEM.Engines;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>One sequence of a lane: a prompt, or one that is opened by itself, has a cache of its own; a fork has a place in those of the slots.</summary>
internal sealed class SlotSequence : IDecoderSequence
{
    private readonly SlotMemory _memory;

    private SlotSequence(SlotMemory memory, int positions) => (_memory, Positions) = (memory, positions);

    /// <summary>Most positions that it is computed for.</summary>
    internal int Positions { get; }

    /// <summary>Its own keys and values; null for a fork.</summary>
    internal KvCache? Own { get; private init; }

    /// <summary>What a fork begins with.</summary>
    internal SlotSequence? Prompt { get; private init; }

    /// <summary>Of a fork, from 0.</summary>
    internal int Slot { get; private init; }

    /// <summary>Positions whose keys and values are there; a fork that has had no row yet has none of its own.</summary>
    internal int Computed { get; set; }

    /// <summary>Rows of the step under way that are still to be computed.</summary>
    internal int RowsLeft { get; set; }

    /// <summary>The draw of the step under way; -1 for none.</summary>
    internal int Draw { get; set; } = -1;

    /// <summary>Logits after the last position of a prompt, [1, V], kept for its forks; null before.</summary>
    internal Tensor? Logits { get; set; }

    internal static SlotSequence OfItsOwn(SlotMemory memory, int positions, KvCache own) => new(memory, positions) { Own = own };

    internal static SlotSequence Fork(SlotMemory memory, int positions, SlotSequence prompt, int slot) =>
        new(memory, positions) { Prompt = prompt, Slot = slot };

    public void Dispose() => _memory.GiveBack(this);
}
