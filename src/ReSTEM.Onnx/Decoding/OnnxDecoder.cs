using ReSTEM.Engines;
using ReSTEM.Numerics;

namespace ReSTEM.Onnx;

/// <summary>
/// The forward pass with its keys and values. Sequences that were opened are computed in pieces by themselves; forks go forward together, one token a
/// step, in a step of one shape whichever rows of it are in use.
/// </summary>
internal sealed class OnnxDecoder : IDecoder
{
    private readonly DecoderSession _session;
    private readonly KvMemory _memory;
    private readonly LogitsBuffer _logits;
    private readonly TokenSampler _sampler;
    private readonly float[] _scratch;
    private readonly int _scoredLength;
    private readonly List<OnnxSequence> _opened = []; // that have rows in the step at hand
    private readonly List<(OnnxSequence Fork, int TokenId, int Row)> _pass = [];
    private bool _isDisposed;

    internal OnnxDecoder(DecoderSession session, KvLayout layout)
    {
        int vocabulary = session.Config.VocabularySize;
        (_session, _memory) = (session, new KvMemory(session, layout));
        _scoredLength = Pieces.ScoredLength(vocabulary);
        _logits = new LogitsBuffer(Math.Max(layout.MaxRows, _scoredLength), vocabulary);
        _sampler = new TokenSampler(vocabulary);
        _scratch = new float[vocabulary];
    }

    public IDecoderSequence? TryOpen(int positions)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _memory.TryOpen(positions);
    }

    public IDecoderSequence? TryFork(IDecoderSequence prompt, int positions)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _memory.TryFork((OnnxSequence)prompt, positions);
    }

    public void Step(ReadOnlySpan<DecoderRow> rows, ReadOnlySpan<TokenDraw> draws, Span<DrawnToken> drawn)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Add(rows);
        foreach (var sequence in _opened)
        {
            ComputeWholePieces(sequence);
        }

        for (int index = 0; index < draws.Length; index++)
        {
            var sequence = (OnnxSequence)draws[index].Sequence;
            if (sequence.Prompt is null)
            {
                drawn[index] = Draw(sequence.Logits ?? ComputeLast(sequence), draws[index]);
            }
            else if (!sequence.HasRows)
            {
                drawn[index] = Draw(sequence.Prompt.Logits, draws[index]);
            }
        }

        ComputeForks(rows, draws, drawn);
    }

    public void Score(ReadOnlySpan<DecoderRow> rows, ReadOnlySpan<int> targets, Span<float> logProbabilities)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Add(rows);
        for (int row = 0; row < rows.Length;)
        {
            var sequence = (OnnxSequence)rows[row].Sequence;
            int first = rows[row].Position, count = 1;
            while (row + count < rows.Length && rows[row + count].Sequence == sequence)
            {
                count++;
            }

            Score(sequence, first, targets.Slice(row, count), logProbabilities.Slice(row, count));
            row += count;
        }
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _memory.Dispose();
            _logits.Dispose();
        }
    }

    private void Add(ReadOnlySpan<DecoderRow> rows)
    {
        _opened.Clear();
        for (int row = 0; row < rows.Length; row++)
        {
            var sequence = (OnnxSequence)rows[row].Sequence;
            sequence.Add(rows[row], row);
            if (sequence.Prompt is null && (_opened.Count == 0 || _opened[^1] != sequence))
            {
                _opened.Add(sequence);
            }
        }
    }

    private DrawnToken Draw(ReadOnlySpan<float> logits, TokenDraw draw) =>
        _sampler.Draw(logits, draw.Options, draw.Random, draw.Position);

    /// <summary>Computes the pieces whose rows are all there; what follows the last one is kept.</summary>
    private void ComputeWholePieces(OnnxSequence sequence)
    {
        while (sequence.Computed < sequence.Count)
        {
            int start = sequence.Computed, length = Pieces.Length(start, sequence.Positions, Pieces.MaxLength);
            int end = Math.Min(start + length, sequence.Positions);
            if (end > sequence.Count)
            {
                return;
            }

            Compute(sequence, start, length, [end - 1 - start]);
            sequence.LastPiece = start;
            sequence.Computed = sequence.Row.Length = end;
            if (end == sequence.Positions)
            {
                sequence.Logits = _logits.Row(0).ToArray();
            }
        }
    }

    /// <summary>Logits after the last row of a sequence that is under way; its piece is computed again when it is whole.</summary>
    private ReadOnlySpan<float> ComputeLast(OnnxSequence sequence)
    {
        int start = sequence.Computed < sequence.Count ? sequence.Computed : sequence.LastPiece;
        Compute(sequence, start, Pieces.Length(start, sequence.Positions, Pieces.MaxLength), [sequence.Count - 1 - start]);
        return _logits.Row(0);
    }

    /// <summary>Scores the rows of a sequence from position <paramref name="first"/> on, which are its last.</summary>
    private void Score(OnnxSequence sequence, int first, ReadOnlySpan<int> targets, Span<float> logProbabilities)
    {
        for (int start = sequence.Computed; start < sequence.Count;)
        {
            int length = Pieces.Length(start, sequence.Positions, _scoredLength), end = Math.Min(start + length, sequence.Count);
            int wanted = Math.Max(start, first);
            Compute(sequence, start, length, [.. Enumerable.Range(wanted - start, end - wanted).Select(static row => (long)row)]);
            for (int position = wanted; position < end; position++)
            {
                var logits = _logits.Row(position - wanted);
                double logSum = Exponentials.LogSum(logits, Reduction.Max(logits), _scratch);
                logProbabilities[position - first] = (float)(logits[targets[position - first]] - logSum);
            }

            (sequence.LastPiece, start) = (start, start + length);
            if (start <= sequence.Count || sequence.Count == sequence.Positions)
            {
                sequence.Computed = sequence.Row.Length = end;
            }
        }
    }

    /// <summary>Computes a piece of a sequence; rows behind those that it has fill it up.</summary>
    private void Compute(OnnxSequence sequence, int start, int length, long[] wanted)
    {
        long[] ids = new long[length], positions = new long[length];
        for (int index = 0; index < length; index++)
        {
            ids[index] = start + index < sequence.Count ? sequence.Ids[start + index] : 0;
            positions[index] = Math.Min(start + index, _session.Config.ContextLength - 1);
        }

        _memory.Buffers.Row(sequence.Row.Index).Run(new StepInputs(ids, positions, [start + length - 1], wanted), _logits);
    }

    /// <summary>Computes the rows of forks, the first of each, then the second where a fork has two, and draws behind the last of each.</summary>
    private void ComputeForks(ReadOnlySpan<DecoderRow> rows, ReadOnlySpan<TokenDraw> draws, Span<DrawnToken> drawn)
    {
        _pass.Clear();
        for (int row = 0; row < rows.Length; row++)
        {
            var fork = (OnnxSequence)rows[row].Sequence;
            if (fork.Prompt is null)
            {
                continue;
            }

            if (_pass.Exists(other => other.Fork == fork))
            {
                ComputePass(draws, drawn);
            }

            _memory.CopyPrompt(fork);
            _pass.Add((fork, rows[row].TokenId, row));
            fork.Row.Length = rows[row].Position;
        }

        ComputePass(draws, drawn);
    }

    private void ComputePass(ReadOnlySpan<TokenDraw> draws, Span<DrawnToken> drawn)
    {
        if (_pass.Count == 0)
        {
            return;
        }

        int count = _memory.Buffers.RowCount;
        var inputs = new StepInputs(new long[count], new long[count], new int[count], [.. Enumerable.Range(0, count).Select(static row => (long)row)]);
        foreach (var row in _memory.Used)
        {
            // A row that does not take part writes behind what it holds.
            inputs.Lengths[row.Index] = row.Length;
            inputs.Positions[row.Index] = Math.Min(row.Length, _session.Config.ContextLength - 1);
        }

        foreach (var (fork, tokenId, _) in _pass)
        {
            inputs.Ids[fork.Row.Index] = tokenId;
        }

        _memory.Buffers.All.Run(inputs, _logits);
        foreach (var (fork, _, row) in _pass)
        {
            fork.Row.Length++;
            for (int index = 0; row == fork.LastRow && index < draws.Length; index++)
            {
                if (draws[index].Sequence == fork)
                {
                    drawn[index] = Draw(_logits.Row(fork.Row.Index), draws[index]);
                }
            }
        }

        _pass.Clear();
    }
}
