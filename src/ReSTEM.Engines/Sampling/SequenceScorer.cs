using System.Runtime.InteropServices;

namespace ReSTEM.Engines;

/// <summary>Log-probabilities of given sequences on one decoder.</summary>
internal sealed class SequenceScorer(IDecoderModel model, IDecoder decoder)
{
    private const int FewestUnitTokens = 512;

    private readonly List<DecoderRow> _rows = [];
    private readonly List<int> _targets = [];
    private readonly List<float[]> _results = []; // of each row
    private readonly List<IDecoderSequence> _open = [];
    private readonly float[] _logProbabilities = new float[model.MaxRows];

    /// <summary>Neighbouring sequences together, so that a step has enough rows.</summary>
    internal static IEnumerable<IReadOnlyList<int>[]> Units(
        IEnumerable<IReadOnlyList<int>> sequences, IDecoderModel model, RequestLimits limits)
    {
        var unit = new List<IReadOnlyList<int>>();
        int most = Math.Max(FewestUnitTokens, model.MaxRows), tokens = 0;
        foreach (IReadOnlyList<int> ids in sequences)
        {
            limits.ThrowUnlessScorable(ids);
            if (unit.Count > 0 && tokens + ids.Count > most)
            {
                yield return [.. unit];
                unit.Clear();
                tokens = 0;
            }

            unit.Add(ids);
            tokens += ids.Count;
        }

        if (unit.Count > 0)
        {
            yield return [.. unit];
        }
    }

    /// <summary>For each sequence, element t is log p(ids[t] | ids[..t]), element 0 is 0.</summary>
    /// <param name="sequences">Each of which the decoder can hold by itself.</param>
    /// <param name="cancellationToken">Looked at between passes.</param>
    internal float[][] Score(IReadOnlyList<IReadOnlyList<int>> sequences, CancellationToken cancellationToken)
    {
        var results = new float[sequences.Count][];
        try
        {
            for (int index = 0; index < sequences.Count; index++)
            {
                results[index] = new float[sequences[index].Count];
                AddRows(sequences[index], results[index], cancellationToken);
            }

            Flush(cancellationToken);
        }
        finally
        {
            Release();
        }

        return results;
    }

    private void AddRows(IReadOnlyList<int> ids, float[] result, CancellationToken cancellationToken)
    {
        if (ids.Count == 1)
        {
            return;
        }

        IDecoderSequence sequence = Open(ids.Count - 1, cancellationToken);
        for (int t = 0; t < ids.Count - 1; t++)
        {
            if (_rows.Count == model.MaxRows)
            {
                Flush(cancellationToken);
            }

            _rows.Add(new DecoderRow(ids[t], t, sequence));
            _targets.Add(ids[t + 1]);
            _results.Add(result);
        }
    }

    private IDecoderSequence Open(int positions, CancellationToken cancellationToken)
    {
        if (decoder.TryOpen(positions) is not { } sequence)
        {
            Flush(cancellationToken);
            Release();
            sequence = decoder.TryOpen(positions) ?? throw new InvalidOperationException(
                $"a decoder without sequences refuses {positions} positions, expected room, because the model did not refuse them.");
        }

        _open.Add(sequence);
        return sequence;
    }

    private void Flush(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_rows.Count == 0)
        {
            return;
        }

        Span<float> logProbabilities = _logProbabilities.AsSpan(0, _rows.Count);
        decoder.Score(CollectionsMarshal.AsSpan(_rows), CollectionsMarshal.AsSpan(_targets), logProbabilities);
        for (int row = 0; row < _rows.Count; row++)
        {
            _results[row][_rows[row].Position + 1] = logProbabilities[row];
        }

        _rows.Clear();
        _targets.Clear();
        _results.Clear();
    }

    private void Release()
    {
        _open.ForEach(sequence => sequence.Dispose());
        _open.Clear();
    }
}
