using ReSTEM.Engines;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>One thread's forward pass with its keys and values, room for logits, and a sampler.</summary>
internal sealed class ManagedDecoder : IDecoder
{
    private const int LogitsLength = 1 << 23;
    private const int FewestLogitRows = 16;

    private readonly TransformerDecoder _decoder;
    private readonly int _vocabularySize;
    private readonly int _logitRows; // whose logits are held at once
    private readonly FloatBuffer _logits;
    private readonly TokenSampler _sampler;
    private readonly float[] _scratch;
    private readonly KvRow[] _rows;
    private readonly int[] _wanted; // rows whose logits are used: first those drawn from, then those kept
    private readonly int[] _drawOf; // for each row drawn from, the place of its draw
    private bool _isDisposed;

    internal ManagedDecoder(PackedModel model, int maxRows, int blockCount)
    {
        _decoder = new TransformerDecoder(model, maxRows, blockCount);
        _vocabularySize = model.Config.VocabularySize;
        _logitRows = LogitRows(_vocabularySize, maxRows);
        _logits = new FloatBuffer(checked(_logitRows * _vocabularySize));
        _sampler = new TokenSampler(_vocabularySize);
        _scratch = new float[_vocabularySize];
        _rows = new KvRow[maxRows];
        _wanted = new int[maxRows];
        _drawOf = new int[maxRows];
    }

    /// <summary>Rows whose logits are held at once.</summary>
    internal static int LogitRows(int vocabularySize, int maxRows) =>
        Math.Clamp(LogitsLength / vocabularySize, FewestLogitRows, Math.Max(FewestLogitRows, maxRows));

    public IDecoderSequence? TryOpen(int positions)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return KvSequence.TryOpen(_decoder.Memory, positions);
    }

    public IDecoderSequence? TryFork(IDecoderSequence prompt, int positions)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return KvSequence.TryFork((KvSequence)prompt, positions);
    }

    public void Step(ReadOnlySpan<DecoderRow> rows, ReadOnlySpan<TokenDraw> draws, Span<DrawnToken> drawn)
    {
        Compute(rows);
        int drawCount = DrawFromPrompts(draws, drawn);
        int count = AddWholePrompts(rows, drawCount);
        for (int start = 0; start < count; start += _logitRows)
        {
            int part = FillLogits(start, count);
            for (int index = 0; index < part; index++)
            {
                int place = start + index;
                if (place < drawCount)
                {
                    drawn[_drawOf[place]] = Draw(Logits(index), draws[_drawOf[place]]);
                }
                else
                {
                    ((KvSequence)rows[_wanted[place]].Sequence).KeepLogits(Logits(index));
                }
            }
        }
    }

    public void Score(ReadOnlySpan<DecoderRow> rows, ReadOnlySpan<int> targets, Span<float> logProbabilities)
    {
        Compute(rows);
        for (int row = 0; row < rows.Length; row++)
        {
            _wanted[row] = row;
        }

        for (int start = 0; start < rows.Length; start += _logitRows)
        {
            int part = FillLogits(start, rows.Length);
            for (int index = 0; index < part; index++)
            {
                ReadOnlySpan<float> logits = Logits(index);
                double logSum = Exponentials.LogSum(logits, Reduction.Max(logits), _scratch);
                logProbabilities[start + index] = (float)(logits[targets[start + index]] - logSum);
            }
        }
    }

    /// <summary>Gives its memory back for the next decoder of this process.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _decoder.Dispose();
        _logits.GiveBack();
    }

    private void Compute(ReadOnlySpan<DecoderRow> rows)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (rows.Length == 0)
        {
            return;
        }

        for (int row = 0; row < rows.Length; row++)
        {
            var sequence = (KvSequence)rows[row].Sequence;
            sequence.MakeRoom(rows[row].Position + 1);
            sequence.LastRow = row;
            _rows[row] = new KvRow(rows[row].TokenId, rows[row].Position, sequence);
        }

        _decoder.Forward(_rows.AsSpan(0, rows.Length));
    }

    /// <summary>Draws what needs no rows; puts the rows of the other draws into the list of those wanted, and returns their count.</summary>
    private int DrawFromPrompts(ReadOnlySpan<TokenDraw> draws, Span<DrawnToken> drawn)
    {
        int count = 0;
        for (int index = 0; index < draws.Length; index++)
        {
            var sequence = (KvSequence)draws[index].Sequence;
            if (sequence.HasRows)
            {
                _wanted[count] = sequence.LastRow;
                _drawOf[count++] = index;
            }
            else
            {
                drawn[index] = Draw(sequence.PromptLogits, draws[index]);
            }
        }

        return count;
    }

    /// <summary>Puts the last rows of prompts into the list of those wanted: their logits are kept.</summary>
    private int AddWholePrompts(ReadOnlySpan<DecoderRow> rows, int count)
    {
        for (int row = 0; row < rows.Length; row++)
        {
            if (((KvSequence)rows[row].Sequence).EndsPrompt(rows[row].Position))
            {
                _wanted[count++] = row;
            }
        }

        return count;
    }

    private DrawnToken Draw(ReadOnlySpan<float> logits, TokenDraw draw) =>
        _sampler.Draw(logits, draw.Options, draw.Random, draw.Position);

    /// <summary>Computes logits of as many wanted rows as are held at once; returns how many.</summary>
    private int FillLogits(int start, int end)
    {
        int count = Math.Min(_logitRows, end - start);
        _decoder.Logits(_wanted.AsSpan(start, count), _logits.Span);
        return count;
    }

    private ReadOnlySpan<float> Logits(int index) => _logits.Slice(index * _vocabularySize, _vocabularySize);
}
