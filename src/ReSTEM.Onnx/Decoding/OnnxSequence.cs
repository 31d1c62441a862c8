using ReSTEM.Engines;

namespace ReSTEM.Onnx;

/// <summary>A sequence that a decoder holds: one that was opened, whose rows are computed in pieces, or a fork of it, whose rows are computed one a step.</summary>
internal sealed class OnnxSequence : IDecoderSequence
{
    private readonly KvMemory _memory;
    private readonly List<OnnxSequence> _forks = []; // those that live
    private readonly int[] _ids; // of an opened sequence
    private bool _isDisposed;

    internal OnnxSequence(KvMemory memory, KvRow row, int positions, OnnxSequence? prompt)
    {
        (_memory, Row, Positions, Prompt) = (memory, row, positions, prompt);
        _ids = prompt is null ? new int[positions] : [];
        HasCopy = prompt is null || row == prompt.Row;
        Count = prompt?.Positions ?? 0;
        prompt?._forks.Add(this);
    }

    internal KvRow Row { get; private set; }

    /// <summary>Most positions.</summary>
    internal int Positions { get; }

    /// <summary>Null for a sequence that was opened by itself.</summary>
    internal OnnxSequence? Prompt { get; }

    /// <summary>Whether the prompt's keys and values are in its row.</summary>
    internal bool HasCopy { get; set; }

    /// <summary>Rows that were given, a fork's prompt included.</summary>
    internal int Count { get; private set; }

    /// <summary>Whether a fork has had rows of its own.</summary>
    internal bool HasRows => Count > (Prompt?.Positions ?? 0);

    /// <summary>Its last row in the decoder's step at hand.</summary>
    internal int LastRow { get; set; }

    /// <summary>Positions whose pieces are whole and computed.</summary>
    internal int Computed { get; set; }

    /// <summary>Where the last piece that was computed begins.</summary>
    internal int LastPiece { get; set; }

    /// <summary>Logits after the last position, [V]; null while it is not computed.</summary>
    internal float[]? Logits { get; set; }

    /// <summary>The token ids given to an opened sequence so far.</summary>
    internal ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>Takes its next row.</summary>
    internal void Add(DecoderRow row, int place)
    {
        if (row.Position != Count || Count == Positions)
        {
            throw new ArgumentException($"a row's position is {row.Position}, expected {Count} of {Positions}: rows follow each other without a gap.");
        }

        if (Prompt is null)
        {
            _ids[Count] = row.TokenId;
        }

        (Count, LastRow) = (Count + 1, place);
    }

    /// <summary>Gives its row back, unless its prompt still lies there; done twice it does nothing.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (Prompt is { } prompt)
        {
            prompt._forks.Remove(this);
            Row.Fork = Row.Fork == this ? null : Row.Fork;
            if (Row == prompt.Row && !prompt._isDisposed)
            {
                Row.Length = prompt.Computed;
                prompt.MoveToFork();
            }
        }

        _memory.Leave(Row);
    }

    /// <summary>A prompt that would hold a row for itself lives on in the row of a fork that has it.</summary>
    private void MoveToFork()
    {
        if (_forks.Find(static fork => fork.HasCopy) is { } heir)
        {
            _memory.Leave(Row);
            Row = heir.Row;
            Row.Users++;
        }
    }
}
