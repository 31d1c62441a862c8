using ReSTEM.Models;

namespace ReSTEM.Onnx;

/// <summary>Sizes of the buffers for keys and values: rows of one sequence each, [rows, K, length, Hd] for each layer.</summary>
/// <param name="RowBytes">Of one position over all layers.</param>
/// <param name="MaxRows">Most rows.</param>
/// <param name="MaxLength">Most positions of a row.</param>
/// <param name="MaxBytes">Most bytes of all rows.</param>
/// <param name="IsFixed">Whether rows have their full length from the beginning; else it grows with the longest sequence.</param>
internal sealed record KvLayout(long RowBytes, int MaxRows, int MaxLength, long MaxBytes, bool IsFixed)
{
    /// <summary>Lengths are whole multiples of this.</summary>
    internal const int Grain = 256;

    /// <summary>One more position than the context has is room for what rows that do not take part write.</summary>
    internal static int FullLength(ModelConfig config) => RoundUp(config.ContextLength + 1, Pieces.Grain);

    /// <summary>Bytes of one position over all layers.</summary>
    internal static long BytesPerPosition(ModelConfig config, OnnxType type) =>
        2L * config.LayerCount * config.KvHeadCount * GraphAttention.HeadDim(config) * type.Size();

    /// <summary>The layout for a processor: long buffers only where there are long sequences.</summary>
    internal static KvLayout OnProcessor(ModelConfig config, OnnxType type, int slots, long bytes) =>
        new(BytesPerPosition(config, type), slots, FullLength(config), bytes, IsFixed: false);

    /// <summary>The layout for a card: as many slots as fit with a whole context each, at least one.</summary>
    internal static KvLayout OnCard(ModelConfig config, OnnxType type, int slots, long bytes)
    {
        long position = BytesPerPosition(config, type), row = position * FullLength(config);
        int rows = (int)Math.Clamp(bytes / row, 1, slots);
        long length = Math.Min(FullLength(config), bytes / position / rows / Pieces.Grain * Pieces.Grain);
        return new KvLayout(position, rows, (int)Math.Max(Pieces.Grain, length), bytes, IsFixed: true);
    }

    /// <summary>The length of all rows where the longest sequence has some positions.</summary>
    internal int LengthFor(int positions) => IsFixed ? MaxLength : Math.Min(MaxLength, RoundUp(positions + 1, Grain));

    /// <summary>Rows of a length that the memory has room for.</summary>
    internal int RowsOf(int length) => (int)Math.Min(MaxRows, MaxBytes / (RowBytes * length));

    /// <summary>Why a sequence can never be held; null if it can.</summary>
    internal string? Refusal(int positions)
    {
        int length = LengthFor(positions);
        return positions < length && RowsOf(length) > 0
            ? null
            : $"keys and values of {positions} positions take {RowBytes * RoundUp(positions + 1, Pieces.Grain)} bytes, expected at most {MaxBytes}; shorten the text or free memory.";
    }

    internal static int RoundUp(int number, int multiple) => (number + multiple - 1) / multiple * multiple;
}
