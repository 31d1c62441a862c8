using ReSTEM.Engines;

namespace ReSTEM.Tests;

/// <summary>A second engine's decoder: all of a sequence that matters is its last token. Sees to it that the scheduler keeps the port's rules.</summary>
internal sealed class BigramDecoder(BigramModel model, int number) : IDecoder
{
    private readonly TokenSampler _sampler = new(BigramWeights.VocabularySize);
    private readonly float[] _scratch = new float[BigramWeights.VocabularySize];
    private int _step;

    /// <summary>Positions set aside.</summary>
    internal int Held { get; private set; }

    internal int PromptCount { get; private set; }

    internal int ForkCount { get; private set; }

    internal int RowCount { get; private set; }

    internal bool IsDisposed { get; private set; }

    public IDecoderSequence? TryOpen(int positions)
    {
        var sequence = TryHold(null, positions, positions);
        PromptCount += sequence is null ? 0 : 1;
        return sequence;
    }

    public IDecoderSequence? TryFork(IDecoderSequence prompt, int positions)
    {
        var sequence = TryHold((Sequence)prompt, positions - ((Sequence)prompt).Positions, positions);
        ForkCount += sequence is null ? 0 : 1;
        return sequence;
    }

    public void Step(ReadOnlySpan<DecoderRow> rows, ReadOnlySpan<TokenDraw> draws, Span<DrawnToken> drawn)
    {
        Compute(rows);
        for (int index = 0; index < draws.Length; index++)
        {
            int last = ((Sequence)draws[index].Sequence).LastToken(_step);
            drawn[index] = _sampler.Draw(model.Weights.After(last), draws[index].Options, draws[index].Random, draws[index].Position);
        }
    }

    public void Score(ReadOnlySpan<DecoderRow> rows, ReadOnlySpan<int> targets, Span<float> logProbabilities)
    {
        Compute(rows);
        for (int row = 0; row < rows.Length; row++)
        {
            ReadOnlySpan<float> logits = model.Weights.After(rows[row].TokenId);
            double logSum = Exponentials.LogSum(logits, logits.ToArray().Max(), _scratch);
            logProbabilities[row] = (float)(logits[targets[row]] - logSum);
        }
    }

    public void Dispose()
    {
        Assert.False(IsDisposed);
        IsDisposed = true;
    }

    private Sequence? TryHold(Sequence? prompt, int held, int positions)
    {
        Assert.False(IsDisposed);
        if (Held + held > model.Options.Memory)
        {
            return null;
        }

        Held += held;
        return new Sequence(prompt, positions, () => Held -= held);
    }

    private void Compute(ReadOnlySpan<DecoderRow> rows)
    {
        Assert.False(IsDisposed);
        Assert.InRange(rows.Length, 0, model.MaxRows);
        model.Options.OnStep(number);
        _step++;
        foreach (DecoderRow row in rows)
        {
            ((Sequence)row.Sequence).Add(row, _step);
        }

        RowCount += rows.Length;
    }

    private sealed class Sequence(Sequence? prompt, int positions, Action release) : IDecoderSequence
    {
        private int _count = prompt?.AddFork() ?? 0;
        private int _forks;
        private int? _last;
        private int _lastStep;
        private bool _isReleased;

        internal int Positions => positions;

        internal void Add(DecoderRow row, int step)
        {
            Assert.False(_isReleased);
            Assert.Equal(_count++, row.Position);
            Assert.InRange(row.Position, 0, positions - 1);
            (_last, _lastStep) = (row.TokenId, step);
        }

        internal int LastToken(int step)
        {
            Assert.False(_isReleased);
            if (_last is { } last)
            {
                Assert.Equal(step, _lastStep);
                return last;
            }

            Assert.Equal(prompt!.Positions, prompt._count); // the prompt is whole
            Assert.False(prompt._isReleased);
            return prompt._last!.Value;
        }

        private int AddFork()
        {
            Assert.False(_isReleased);
            _forks++;
            return positions;
        }

        private void RemoveFork() => _forks--;

        public void Dispose()
        {
            Assert.False(_isReleased);
            Assert.Equal(0, _forks); // they go first
            _isReleased = true;
            prompt?.RemoveFork();
            release();
        }
    }
}
