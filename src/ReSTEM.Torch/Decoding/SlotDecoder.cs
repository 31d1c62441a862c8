using System.Runtime.InteropServices;
using ReSTEM.Engines;
using ReSTEM.Numerics;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>The forward pass of a device's lane. Every pass has the same count of rows, some of them empty, so that the bits of a row depend on no other.</summary>
internal sealed class SlotDecoder : IDecoder
{
    private readonly TorchDecoder _decoder;
    private readonly Rotations _rotations;
    private readonly TorchSettings _settings;
    private readonly IRowSampler _sampler;
    private readonly SlotMemory _memory;
    private readonly int _rows;
    private readonly float[] _scratch;
    private readonly List<DecoderRow> _waiting = [];
    private bool _isDisposed;

    internal SlotDecoder(TorchDecoder decoder, Rotations rotations, TorchSettings settings, SlotMemory memory)
    {
        (_decoder, _rotations, _settings, _memory, _rows) = (decoder, rotations, settings, memory, settings.PassRows);
        _sampler = settings.IsCuda ? new DeviceSampler(decoder.Device) : new HostSampler(decoder.Config.VocabularySize);
        _scratch = new float[decoder.Config.VocabularySize];
    }

    public IDecoderSequence? TryOpen(int positions) => Run(() => _memory.TryOpen(positions));

    public IDecoderSequence? TryFork(IDecoderSequence prompt, int positions) => Run(() => _memory.TryFork((SlotSequence)prompt, positions));

    public void Step(ReadOnlySpan<DecoderRow> rows, ReadOnlySpan<TokenDraw> draws, Span<DrawnToken> drawn)
    {
        var (given, wanted) = (rows.ToArray(), draws.ToArray());
        Run(() => Step(given, wanted)).CopyTo(drawn);
    }

    public void Score(ReadOnlySpan<DecoderRow> rows, ReadOnlySpan<int> targets, Span<float> logProbabilities)
    {
        var (given, wanted) = (rows.ToArray(), targets.ToArray());
        Run(() => Score(given, wanted)).CopyTo(logProbabilities);
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _memory.Dispose();
            (_sampler as IDisposable)?.Dispose();
        }
    }

    private T Run<T>(Func<T> work)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return TorchThread.Run(_settings.Threads, () =>
        {
            using var mode = inference_mode();
            try
            {
                return work();
            }
            catch (ExternalException fault) when (TorchMemory.IsShortage(fault))
            {
                throw new DecoderMemoryException(fault);
            }
        });
    }

    private DrawnToken[] Step(DecoderRow[] rows, TokenDraw[] draws)
    {
        var drawn = new DrawnToken[draws.Length];
        for (int index = 0; index < draws.Length; index++)
        {
            ((SlotSequence)draws[index].Sequence).Draw = index;
        }

        ComputeOwn(rows, draws, drawn);
        ComputeForks(rows, draws, drawn);
        DrawFromPrompts(draws, drawn);
        return drawn;
    }

    private float[] Score(DecoderRow[] rows, int[] targets)
    {
        float[] logProbabilities = new float[rows.Length];
        for (int start = 0; start < rows.Length;)
        {
            using var scope = NewDisposeScope();
            var (normed, first, count) = ComputeChunk(rows.AsSpan(start));
            var logits = _decoder.Logits(normed).cpu();
            for (int row = 0; row < count; row++)
            {
                var values = HostSampler.Values(logits, first + row);
                double logSum = Exponentials.LogSum(values, Reduction.Max(values), _scratch);
                logProbabilities[start + row] = (float)(values[targets[start + row]] - logSum);
            }

            start += count;
        }

        return logProbabilities;
    }

    /// <summary>Rows of prompts and of sequences that are opened by themselves, each sequence in chunks that begin at multiples of the rows of a pass.</summary>
    private void ComputeOwn(ReadOnlySpan<DecoderRow> rows, ReadOnlySpan<TokenDraw> draws, Span<DrawnToken> drawn)
    {
        for (int start = 0; start < rows.Length;)
        {
            var sequence = (SlotSequence)rows[start].Sequence;
            if (sequence.Own is null)
            {
                start++;
                continue;
            }

            using var scope = NewDisposeScope();
            var (normed, first, count) = ComputeChunk(rows[start..]);
            var last = normed.narrow(0, first + count - 1, 1);
            start += count;
            if (sequence.Computed == sequence.Positions)
            {
                sequence.Logits?.Dispose();
                sequence.Logits = _decoder.Logits(last).DetachFromDisposeScope();
            }

            bool isLast = start == rows.Length || rows[start].Sequence != sequence;
            if (isLast && sequence.Draw >= 0)
            {
                Hand([(0, draws[sequence.Draw])], _decoder.Logits(last), drawn);
            }
        }
    }

    /// <summary>Computes the first rows that are of one sequence and one chunk, in the places that they have in it.</summary>
    /// <returns>The normed rows of the pass, [rows, D], the first of those asked for, and their count.</returns>
    private (Tensor Normed, int First, int Count) ComputeChunk(ReadOnlySpan<DecoderRow> rows)
    {
        var sequence = (SlotSequence)rows[0].Sequence;
        int first = rows[0].Position % _rows, count = 1;
        while (count < rows.Length && rows[count].Sequence == sequence && first + count < _rows)
        {
            count++;
        }

        long[] ids = new long[_rows], positions = new long[_rows];
        for (int row = 0; row < _rows; row++)
        {
            bool isGiven = row >= first && row < first + count;
            ids[row] = isGiven ? rows[row - first].TokenId : 0;
            positions[row] = isGiven ? rows[row - first].Position : rows[count - 1].Position;
        }

        var attention = new CachedAttention(_decoder.Config, sequence.Own!, positions, first..(first + count), _decoder.Device);
        var normed = Forward(ids, positions, attention);
        sequence.Computed = rows[count - 1].Position + 1;
        return (normed, first, count);
    }

    /// <summary>Rows of forks: group by group, one row of each sequence in a pass.</summary>
    private void ComputeForks(ReadOnlySpan<DecoderRow> rows, ReadOnlySpan<TokenDraw> draws, Span<DrawnToken> drawn)
    {
        _waiting.Clear();
        foreach (var row in rows)
        {
            var sequence = (SlotSequence)row.Sequence;
            if (sequence.Own is null)
            {
                sequence.RowsLeft++;
                _waiting.Add(row);
            }
        }

        while (_waiting.Count > 0)
        {
            int group = ((SlotSequence)_waiting[0].Sequence).Slot / _rows;
            var taken = new DecoderRow?[_memory.Group(group).Sequences];
            _waiting.RemoveAll(row => TryTake(row, group, taken));
            ComputeGroup(group, taken, draws, drawn);
        }
    }

    private bool TryTake(DecoderRow row, int group, DecoderRow?[] taken)
    {
        int slot = ((SlotSequence)row.Sequence).Slot, place = slot % _rows;
        if (slot / _rows != group || taken[place] is not null)
        {
            return false; // the last group may have fewer places than others
        }

        taken[place] = row;
        return true;
    }

    private void ComputeGroup(int group, DecoderRow?[] taken, ReadOnlySpan<TokenDraw> draws, Span<DrawnToken> drawn)
    {
        using var scope = NewDisposeScope();
        var cache = _memory.Group(group);
        long[] ids = new long[_rows], positions = new long[_rows];
        var drawing = new List<(int Row, TokenDraw Draw)>();
        for (int place = 0; place < taken.Length; place++)
        {
            if (taken[place] is not { } row)
            {
                positions[place] = Idle(cache, _memory.At(group, place));
                continue;
            }

            var sequence = (SlotSequence)row.Sequence;
            Begin(sequence, cache, place);
            (ids[place], positions[place]) = (row.TokenId, row.Position);
            sequence.Computed = row.Position + 1;
            if (--sequence.RowsLeft == 0 && sequence.Draw >= 0)
            {
                drawing.Add((place, draws[sequence.Draw]));
            }
        }

        var attention = new CachedAttention(_decoder.Config, cache, positions.AsSpan(0, taken.Length), Range.All, _decoder.Device);
        var normed = Forward(ids, positions, attention);
        if (drawing.Count > 0)
        {
            Hand(drawing, _decoder.Logits(normed), drawn);
        }
    }

    /// <summary>A fork's first row: what was computed of its prompt is copied to its slot.</summary>
    private static void Begin(SlotSequence sequence, KvCache cache, int place)
    {
        if (sequence.Computed == 0)
        {
            cache.CopyFrom(sequence.Prompt!.Own!, place);
        }
    }

    /// <summary>Where a slot that is computed along without a row of its own may write: nobody sees it before it is written again.</summary>
    private long Idle(KvCache cache, SlotSequence? sequence) =>
        sequence is null ? 0 : Math.Min(sequence.Computed, Math.Min(cache.Blocks * KvCache.BlockLength, _decoder.Config.ContextLength) - 1);

    /// <summary>Draws for forks that have had no row: from the logits that their prompts have kept.</summary>
    private void DrawFromPrompts(ReadOnlySpan<TokenDraw> draws, Span<DrawnToken> drawn)
    {
        var left = new List<TokenDraw>();
        for (int index = 0; index < draws.Length; index++)
        {
            if (((SlotSequence)draws[index].Sequence).Draw == index)
            {
                left.Add(draws[index]);
            }
        }

        foreach (var shared in left.GroupBy(static draw => ((SlotSequence)draw.Sequence).Prompt!))
        {
            using var scope = NewDisposeScope();
            Hand([.. shared.Select(static draw => (0, draw))], shared.Key.Logits!, drawn);
        }
    }

    private void Hand(IReadOnlyList<(int Row, TokenDraw Draw)> rows, Tensor logits, Span<DrawnToken> drawn)
    {
        var tokens = _sampler.Draw(logits, rows);
        for (int index = 0; index < tokens.Length; index++)
        {
            var sequence = (SlotSequence)rows[index].Draw.Sequence;
            drawn[sequence.Draw] = tokens[index];
            sequence.Draw = -1;
        }
    }

    private Tensor Forward(long[] ids, long[] positions, CachedAttention attention)
    {
        var at = tensor(positions).to(_decoder.Device);
        var rotations = _rotations.At(at);
        var rows = _decoder.Embed(tensor(ids).to(_decoder.Device), at);
        for (int layer = 0; layer < _decoder.Config.LayerCount; layer++)
        {
            rows = _decoder.Layer(rows, layer, rotations[layer], attention);
        }

        return _decoder.FinalNorm(rows);
    }
}
