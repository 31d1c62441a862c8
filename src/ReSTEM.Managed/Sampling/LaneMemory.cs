using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>What a thread needs to compute: a decoder with its keys and values, room for logits, a sampler. Used by one thread at a time.</summary>
internal sealed class LaneMemory
{
    private const int PrefillRows = 192;
    private const int LogitsLength = 1 << 23;

    private readonly FloatBuffer _logits;
    private readonly int _vocabularySize;

    internal LaneMemory(PackedModel model, int slotCount, int blockCount)
    {
        Decoder = new TransformerDecoder(model, slotCount + PrefillRows, blockCount);
        _vocabularySize = model.Config.VocabularySize;
        LogitRows = Math.Clamp(LogitsLength / _vocabularySize, 16, Decoder.MaxRows);
        _logits = new FloatBuffer(checked(LogitRows * _vocabularySize));
        Sampler = new TokenSampler(_vocabularySize);
    }

    internal TransformerDecoder Decoder { get; }

    internal TokenSampler Sampler { get; }

    /// <summary>Most rows whose logits are held at once.</summary>
    internal int LogitRows { get; }

    /// <summary>Logits of rows of the decoder's last pass, a part at a time.</summary>
    /// <param name="rows">Row numbers.</param>
    /// <param name="use">Called with the place of a row in the list and its logits, [V], in order.</param>
    internal void ForEachLogits(ReadOnlySpan<int> rows, RowAction use)
    {
        for (int start = 0; start < rows.Length; start += LogitRows)
        {
            ReadOnlySpan<int> part = rows.Slice(start, Math.Min(LogitRows, rows.Length - start));
            Decoder.Logits(part, _logits.Span);
            for (int index = 0; index < part.Length; index++)
            {
                use(start + index, _logits.Slice(index * _vocabularySize, _vocabularySize));
            }
        }
    }

    /// <summary>Enough blocks for all slots to fill the context, unless the memory is bounded below that.</summary>
    internal static int BlockCount(ModelConfig config, int slotCount, long kvBytes)
    {
        int perContext = KvMemory.BlocksFor(config.ContextLength);
        long wanted = ((perContext + 1L) * slotCount) + perContext;
        long largest = int.MaxValue / 2 / (KvMemory.BytesPerBlock(config) / config.LayerCount);
        return (int)Math.Max(1, Math.Min(Math.Min(wanted, largest), kvBytes / KvMemory.BytesPerBlock(config)));
    }
}

/// <summary>Uses the logits of one row.</summary>
internal delegate void RowAction(int index, ReadOnlySpan<float> logits);
