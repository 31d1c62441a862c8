using ReSTEM.Core;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>
/// Vectors of token sequences: the mean over tokens of the last hidden state, that is of the residual stream after the final norm, where the LM head
/// reads it.
/// </summary>
internal sealed class Embeddings : IDisposable
{
    private const int MaxRows = 256;

    private readonly PackedModel _packed;
    private readonly int _lanes;

    /// <param name="weights">Laid out anew; not kept.</param>
    /// <param name="adapter">Beside the weights; null for none.</param>
    /// <param name="options">How to use the machine.</param>
    internal Embeddings(IWeightSource weights, Adapter? adapter, EngineOptions options)
    {
        options.ThrowUnlessValid();
        _packed = new PackedModel(weights, adapter, options.Format);
        _lanes = options.LaneSlots().Length;
    }

    /// <summary>A vector of D numbers for each sequence; its bits depend on no other.</summary>
    /// <exception cref="ArgumentException">A sequence is empty, longer than the context, or has an id that is none.</exception>
    internal float[][] Of(IReadOnlyList<IReadOnlyList<int>> sequences, CancellationToken cancellationToken)
    {
        foreach (IReadOnlyList<int> ids in sequences)
        {
            ThrowUnlessFits(ids);
        }

        int blockCount = KvMemory.BlocksFor(sequences.Select(ids => ids.Count).DefaultIfEmpty(1).Max()); // one text at a time in each lane
        var vectors = new float[sequences.Count][];
        using var pool = new WorkerPool(_lanes);
        pool.For(_lanes, lane =>
        {
            using var decoder = new TransformerDecoder(_packed, MaxRows, blockCount);
            for (int i = lane; i < sequences.Count; i += _lanes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                vectors[i] = Of(decoder, [.. sequences[i]]);
            }
        });
        return vectors;
    }

    /// <summary>Gives the weights' memory back.</summary>
    public void Dispose() => _packed.Dispose();

    private float[] Of(TransformerDecoder decoder, int[] ids)
    {
        int dim = _packed.Config.ModelDim;
        var sums = new double[dim];
        var state = new float[dim];
        using KvSequence sequence = KvSequence.TryOpen(decoder.Memory, ids.Length)
            ?? throw new InvalidOperationException($"a decoder without sequences refuses {ids.Length} positions, expected room for the longest text.");
        for (int start = 0; start < ids.Length; start += MaxRows)
        {
            int count = Math.Min(MaxRows, ids.Length - start);
            sequence.MakeRoom(start + count);
            KvRow[] rows = [.. Enumerable.Range(start, count).Select(position => new KvRow(ids[position], position, sequence))];
            decoder.Forward(rows);
            for (int row = 0; row < count; row++)
            {
                decoder.HiddenState(row, state);
                for (int d = 0; d < dim; d++)
                {
                    sums[d] += state[d];
                }
            }
        }

        return [.. sums.Select(sum => (float)(sum / ids.Length))];
    }

    private void ThrowUnlessFits(IReadOnlyList<int> ids)
    {
        if ((ContextLimits.SequenceFault(ids.Count, _packed.Config.ContextLength) ?? ContextLimits.IdFault(ids, _packed.Config.VocabularySize)) is { } fault)
        {
            throw new ArgumentException($"a text cannot be embedded: {fault}");
        }
    }
}
