using System.Runtime.InteropServices;

namespace ReSTEM.Engines;

/// <summary>Log-probabilities of given sequences on one decoder.</summary>
internal sealed class SequenceScorer(IDecoderModel model, IDecoder decoder)
{
    private const int FewestUnitTokens = 512;

    private readonly List<DecoderRow> _rows = [];
    private readonly List<int> _targets = [];
    private readonly List<float[][]> _results = []; // of each row
    private readonly List<IDecoderSequence> _open = []; // forks behind what they share
    private readonly float[] _logProbabilities = new float[model.MaxRows];

    /// <summary>Neighbouring sequences together, so that a step has enough rows; those that begin alike are computed once up to where they part.</summary>
    internal static IEnumerable<ScoredGroup[]> Units(
        IEnumerable<IReadOnlyList<int>> sequences, IDecoderModel model, RequestLimits limits)
    {
        var unit = new List<ScoredGroup>();
        int most = Math.Max(FewestUnitTokens, model.MaxRows), rows = 0;
        foreach (ScoredGroup group in ScoredGroup.Of(
            sequences.Select(Checked), most, (once, all) => !model.ScoresForks || model.Refusal(once, all) is not null))
        {
            if (unit.Count > 0 && rows + group.Rows > most)
            {
                yield return [.. unit];
                unit.Clear();
                rows = 0;
            }

            unit.Add(group);
            rows += group.Rows;
        }

        if (unit.Count > 0)
        {
            yield return [.. unit];
        }

        IReadOnlyList<int> Checked(IReadOnlyList<int> ids)
        {
            limits.ThrowUnlessScorable(ids);
            return ids;
        }
    }

    /// <summary>For each sequence of the groups, in order: element t is log p(ids[t] | ids[..t]), element 0 is 0.</summary>
    /// <param name="groups">Each sequence of which the decoder can hold by itself, after what it shares.</param>
    /// <param name="cancellationToken">Looked at between passes.</param>
    internal float[][] Score(IReadOnlyList<ScoredGroup> groups, CancellationToken cancellationToken)
    {
        (ScoredGroup Group, IReadOnlyList<int> Ids, float[] Result)[] members =
            [.. groups.SelectMany(group => group.Members.Select(ids => (group, ids, new float[ids.Count])))];
        try
        {
            for (int first = 0; first < members.Length;)
            {
                var opened = Open(members, first);
                foreach (var shared in opened.GroupBy(one => one.Shared).Where(shared => shared.Key is not null))
                {
                    var group = members[shared.First().Member].Group;
                    Add(group.Members[0], 0, group.Once, shared.Key!, [.. shared.Select(one => members[one.Member].Result)], cancellationToken);
                }

                Flush(cancellationToken); // whole before the first fork is used
                foreach (var (member, _, own) in opened)
                {
                    var (group, ids, result) = members[member];
                    Add(ids, group.Once, ids.Count - 1, own!, [result], cancellationToken);
                }

                Flush(cancellationToken);
                Release();
                first += opened.Count;
            }
        }
        finally
        {
            Release();
        }

        return [.. members.Select(member => member.Result)];
    }

    /// <summary>Sets memory aside for as many of the sequences as there is room for.</summary>
    /// <returns>Of each in order, what it shares and its own; null for what has no rows.</returns>
    private List<(int Member, IDecoderSequence? Shared, IDecoderSequence? Own)> Open(
        (ScoredGroup Group, IReadOnlyList<int> Ids, float[] Result)[] members, int first)
    {
        var opened = new List<(int Member, IDecoderSequence? Shared, IDecoderSequence? Own)>();
        IDecoderSequence? shared = null;
        for (int member = first; member < members.Length; member++)
        {
            var (group, ids, _) = members[member];
            int positions = ids.Count - 1;
            bool isNew = member == first || members[member - 1].Group != group;
            shared = !isNew ? shared : group.Once == 0 ? null : decoder.TryOpen(group.Once);
            if (isNew && shared is not null)
            {
                _open.Add(shared);
            }

            bool lacksShared = group.Once > 0 && shared is null;
            IDecoderSequence? own = lacksShared || positions == group.Once ? null
                : shared is null ? decoder.TryOpen(positions)
                : decoder.TryFork(shared, positions);
            if (lacksShared || (own is null && positions > group.Once))
            {
                return opened.Count > 0 ? opened : throw new InvalidOperationException(
                    $"a decoder without sequences refuses {positions} positions, expected room, because the model did not refuse them.");
            }

            if (own is not null)
            {
                _open.Add(own);
            }

            opened.Add((member, shared, own));
        }

        return opened;
    }

    private void Add(
        IReadOnlyList<int> ids, int first, int end, IDecoderSequence sequence, float[][] results, CancellationToken cancellationToken)
    {
        for (int t = first; t < end; t++)
        {
            if (_rows.Count == model.MaxRows)
            {
                Flush(cancellationToken);
            }

            _rows.Add(new DecoderRow(ids[t], t, sequence));
            _targets.Add(ids[t + 1]);
            _results.Add(results);
        }
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
            foreach (float[] result in _results[row])
            {
                result[_rows[row].Position + 1] = logProbabilities[row];
            }
        }

        _rows.Clear();
        _targets.Clear();
        _results.Clear();
    }

    private void Release()
    {
        for (int index = _open.Count - 1; index >= 0; index--)
        {
            _open[index].Dispose();
        }

        _open.Clear();
    }
}
