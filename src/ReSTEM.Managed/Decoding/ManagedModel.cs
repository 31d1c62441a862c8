using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>A model for this engine: a lane for each thread, which share the memory for keys and values evenly.</summary>
internal sealed class ManagedModel : IDecoderModel
{
    private const int PrefillRows = 192;

    private readonly PackedModel _packed;
    private readonly int _blockCount; // of each decoder

    internal ManagedModel(IWeightSource weights, Adapter? adapter, string weightsSha256, EngineOptions options)
    {
        options.ThrowUnlessValid();
        _packed = new PackedModel(weights, adapter, options.Format);
        Fingerprint = new PolicyFingerprint(weightsSha256, ManagedEngine.IdentityOf(options.Dtype));
        LaneSlots = options.LaneSlots();
        MaxRows = RowsOf(LaneSlots[0]);
        _blockCount = BlockCount(weights.Config, LaneSlots[0], options.KvMemoryBytes / LaneSlots.Count, options.FormatBeside);
    }

    public PolicyFingerprint Fingerprint { get; }

    public int ContextLength => _packed.Config.ContextLength;

    public int VocabularySize => _packed.Config.VocabularySize;

    public IReadOnlyList<int> EndTokenIds => _packed.Config.EndTokenIds;

    public IReadOnlyList<int> LaneSlots { get; }

    public int MaxRows { get; }

    public bool ScoresForks => true;

    public string? Refusal(int promptLength, int positions)
    {
        int blocks = KvMemory.BlocksFor(promptLength) + KvMemory.BlocksBeside(promptLength, positions);
        long bytes = KvMemory.BytesPerBlock(_packed.Config, _packed.FormatBeside);
        return blocks <= _blockCount
            ? null
            : $"keys and values take {blocks * bytes} bytes, expected at most " +
              $"{_blockCount * bytes} (KvMemoryBytes shared out to the threads); shorten the text or raise the memory.";
    }

    public IDecoder OpenDecoder() => new ManagedDecoder(_packed, MaxRows, _blockCount);

    /// <summary>Gives the weights' memory back for the next model of this process.</summary>
    public void Dispose() => _packed.Dispose();

    /// <summary>Rows of a pass of a lane.</summary>
    internal static int RowsOf(int slots) => slots + PrefillRows;

    /// <summary>Enough blocks for all slots to fill the context, unless the memory is bounded below that.</summary>
    internal static int BlockCount(ModelConfig config, int slotCount, long kvBytes, NumberFormat format)
    {
        int perContext = KvMemory.BlocksFor(config.ContextLength);
        long wanted = ((perContext + 1L) * slotCount) + perContext;
        long largest = int.MaxValue / 2 / (KvMemory.BytesPerBlock(config, format) / config.LayerCount);
        return (int)Math.Max(1, Math.Min(Math.Min(wanted, largest), kvBytes / KvMemory.BytesPerBlock(config, format)));
    }
}
