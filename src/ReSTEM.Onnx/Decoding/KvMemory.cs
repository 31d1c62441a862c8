namespace ReSTEM.Onnx;

/// <summary>Hands out rows of the buffers, and lengthens them when a sequence needs it. For one thread.</summary>
internal sealed class KvMemory(DecoderSession session, KvLayout layout) : IDisposable
{
    private readonly List<KvRow> _used = [];
    private KvBuffers? _buffers;

    /// <summary>There from the first sequence on.</summary>
    internal KvBuffers Buffers => _buffers!;

    /// <summary>Rows in use.</summary>
    internal IReadOnlyList<KvRow> Used => _used;

    /// <summary>Null if there is no row now.</summary>
    internal OnnxSequence? TryOpen(int positions) =>
        TryTake(positions) is { } row ? new OnnxSequence(this, row, positions, prompt: null) : null;

    /// <summary>A fork takes over the prompt's row, or one of its own where another fork has it. Null if there is none now.</summary>
    internal OnnxSequence? TryFork(OnnxSequence prompt, int positions)
    {
        if (prompt.Row.Fork is null)
        {
            if (!TryLengthen(positions, newRows: 0))
            {
                return null;
            }

            prompt.Row.Users++;
            return prompt.Row.Fork = new OnnxSequence(this, prompt.Row, positions, prompt);
        }

        return TryTake(positions) is { } row ? row.Fork = new OnnxSequence(this, row, positions, prompt) : null;
    }

    /// <summary>Ends a use of a row.</summary>
    internal void Leave(KvRow row)
    {
        if (--row.Users == 0)
        {
            _used.Remove(row);
        }
    }

    /// <summary>Puts the prompt of a fork into its row, before its first own row.</summary>
    internal void CopyPrompt(OnnxSequence fork)
    {
        var prompt = fork.Prompt!;
        if (!fork.HasCopy)
        {
            Buffers.Copy(prompt.Row.Index, Buffers, fork.Row.Index, prompt.Positions);
            fork.HasCopy = true;
        }

        fork.Row.Length = Math.Max(fork.Row.Length, prompt.Positions);
    }

    public void Dispose() => _buffers?.Dispose();

    private KvRow? TryTake(int positions)
    {
        if (!TryLengthen(positions, newRows: 1))
        {
            return null;
        }

        int free = Enumerable.Range(0, Buffers.RowCount).First(index => !_used.Exists(row => row.Index == index));
        var row = new KvRow(free);
        _used.Add(row);
        return row;
    }

    /// <summary>Sees to it that rows have a length and that some are free; false if there is no memory for that now.</summary>
    private bool TryLengthen(int positions, int newRows)
    {
        int wanted = layout.LengthFor(positions);
        bool isCramped = _used.Count == 0 && _buffers?.RowCount < layout.MaxRows; // by a long sequence that is gone
        int length = isCramped ? wanted : Math.Max(wanted, _buffers?.Length ?? 0);
        int rows = layout.RowsOf(length);
        if (_used.Count + newRows > rows)
        {
            return false;
        }

        if (_buffers is null || _buffers.Length != length)
        {
            Replace(new KvBuffers(session, rows, length));
        }

        return true;
    }

    private void Replace(KvBuffers buffers)
    {
        for (int index = 0; index < _used.Count; index++)
        {
            var row = _used[index];
            _buffers!.Copy(row.Index, buffers, index, row.Length);
            row.Index = index;
        }

        _buffers?.Dispose();
        _buffers = buffers;
    }
}
