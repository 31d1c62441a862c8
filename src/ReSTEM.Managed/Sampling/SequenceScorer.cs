using System.Runtime.InteropServices;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>Log-probabilities of given sequences on one thread.</summary>
internal sealed class SequenceScorer(LaneMemory memory)
{
    private readonly List<DecoderRow> _rows = [];
    private readonly List<int> _logitRows = [];
    private readonly List<(float[] Result, int Position, int Target)> _targets = [];
    private readonly float[] _scratch = new float[memory.Decoder.Model.Config.VocabularySize];

    private TransformerDecoder Decoder => memory.Decoder;

    /// <summary>For each sequence, element t is log p(ids[t] | ids[..t]), element 0 is 0.</summary>
    /// <param name="sequences">Together they must fit the memory for keys and values.</param>
    /// <param name="cancellationToken">Looked at between passes.</param>
    internal float[][] Score(IReadOnlyList<IReadOnlyList<int>> sequences, CancellationToken cancellationToken)
    {
        var results = new float[sequences.Count][];
        var caches = new List<KvSequence>();
        try
        {
            for (int index = 0; index < sequences.Count; index++)
            {
                IReadOnlyList<int> ids = sequences[index];
                results[index] = new float[ids.Count];
                var cache = new KvSequence(Decoder.Memory, Math.Max(1, ids.Count - 1));
                caches.Add(cache);
                cache.MakeRoom(ids.Count - 1);
                for (int t = 0; t < ids.Count - 1; t++)
                {
                    Add(new DecoderRow(ids[t], t, cache), results[index], ids[t + 1], cancellationToken);
                }
            }

            Flush(cancellationToken);
        }
        finally
        {
            _rows.Clear();
            _logitRows.Clear();
            _targets.Clear();
            caches.ForEach(cache => cache.Release());
        }

        return results;
    }

    private void Add(DecoderRow row, float[] result, int target, CancellationToken cancellationToken)
    {
        _logitRows.Add(_rows.Count);
        _rows.Add(row);
        _targets.Add((result, row.Position + 1, target));
        if (_rows.Count == Decoder.MaxRows)
        {
            Flush(cancellationToken);
        }
    }

    private void Flush(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Decoder.Forward(CollectionsMarshal.AsSpan(_rows));
        memory.ForEachLogits(CollectionsMarshal.AsSpan(_logitRows), (index, logits) =>
        {
            var (result, position, target) = _targets[index];
            double logSum = Exponentials.LogSum(logits, Reduction.Max(logits), _scratch);
            result[position] = (float)(logits[target] - logSum);
        });
        _rows.Clear();
        _logitRows.Clear();
        _targets.Clear();
    }
}
