using System.Runtime.InteropServices;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>Embeddings that are not tied to the head, in the format of the model's matrices.</summary>
internal sealed class EmbeddingTable
{
    private const int RowsAtOnce = 1024;

    private readonly float[] _numbers = [];
    private readonly ushort[] _halves = [];

    internal EmbeddingTable(IWeightSource weights, NumberFormat format)
    {
        if (format is NumberFormat.Float32)
        {
            _numbers = weights.Values(WeightPart.Embedding);
            return;
        }

        var reader = new PartReader(weights, WeightPart.Embedding);
        _halves = new ushort[checked(reader.Rows * reader.RowLength)];
        var rows = new float[Math.Min(RowsAtOnce, reader.Rows) * reader.RowLength];
        for (int first = 0; first < reader.Rows; first += RowsAtOnce)
        {
            var part = rows.AsSpan(0, Math.Min(RowsAtOnce, reader.Rows - first) * reader.RowLength);
            reader.Read(first, part);
            BfloatRounding.Narrow(part, _halves.AsSpan(first * reader.RowLength, part.Length));
        }
    }

    /// <summary>Copies a token's embedding, [D].</summary>
    internal void CopyRow(int tokenId, Span<float> values)
    {
        int start = tokenId * values.Length;
        if (_halves.Length == 0)
        {
            _numbers.AsSpan(start, values.Length).CopyTo(values);
            return;
        }

        var bits = MemoryMarshal.Cast<float, uint>(values);
        for (int index = 0; index < bits.Length; index++)
        {
            bits[index] = (uint)_halves[start + index] << 16;
        }
    }
}
