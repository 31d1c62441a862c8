using ReSTEM.Engines;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>
/// The blocks of one sequence. A fork begins with the whole blocks of its prompt, which it shares with others; a block that the
/// prompt has begun is copied when the fork gets its first row.
/// </summary>
internal sealed class KvSequence : IDecoderSequence
{
    private readonly KvMemory _memory;
    private readonly KvSequence? _prompt;
    private readonly int _positions;
    private readonly int _reservedCount;
    private readonly int[] _blocks;
    private float[]? _logits;
    private int _sharedCount;
    private int _count;
    private bool _isDisposed;

    private KvSequence(KvMemory memory, KvSequence? prompt, int positions, int reservedCount)
    {
        (_memory, _prompt, _positions, _reservedCount) = (memory, prompt, positions, reservedCount);
        _blocks = new int[KvMemory.BlocksFor(positions)];
    }

    /// <summary>Block numbers in order of position.</summary>
    internal ReadOnlyMemory<int> Blocks => _blocks.AsMemory(0, _count);

    /// <summary>Whether it has had rows of its own.</summary>
    internal bool HasRows => _count > 0;

    /// <summary>Its last row in the decoder's last pass; means something only if it has one there.</summary>
    internal int LastRow { get; set; }

    /// <summary>Logits after the prompt that it shares, [V].</summary>
    internal ReadOnlySpan<float> PromptLogits => _prompt!._logits;

    /// <summary>Null if fewer blocks are left than the positions may take.</summary>
    internal static KvSequence? TryOpen(KvMemory memory, int positions) => TryCreate(memory, null, positions, KvMemory.BlocksFor(positions));

    /// <summary>Null if fewer blocks are left than the positions after the prompt may take.</summary>
    internal static KvSequence? TryFork(KvSequence prompt, int positions) =>
        TryCreate(prompt._memory, prompt, positions, KvMemory.BlocksBeside(prompt._positions, positions));

    /// <summary>Takes blocks until the positions fit.</summary>
    internal void MakeRoom(int positions)
    {
        if (_count == 0 && _prompt is not null)
        {
            ShareBlocksOf(_prompt);
        }

        for (int wanted = KvMemory.BlocksFor(positions); _count < wanted; _count++)
        {
            _blocks[_count] = _memory.Take();
        }
    }

    /// <summary>Whether a position is the last of a sequence that others may share.</summary>
    internal bool EndsPrompt(int position) => _prompt is null && position == _positions - 1;

    /// <summary>Keeps the logits after the last position for those who share it.</summary>
    internal void KeepLogits(ReadOnlySpan<float> logits) => _logits = logits.ToArray();

    /// <summary>Gives its own blocks back; done twice it does nothing.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        for (int block = _sharedCount; block < _count; block++)
        {
            _memory.Return(_blocks[block]);
        }

        _memory.Unreserve(_reservedCount);
    }

    private static KvSequence? TryCreate(KvMemory memory, KvSequence? prompt, int positions, int blocks) =>
        memory.TryReserve(blocks) ? new KvSequence(memory, prompt, positions, blocks) : null;

    private void ShareBlocksOf(KvSequence prompt)
    {
        _sharedCount = prompt._positions / KvBlocks.BlockLength;
        prompt.Blocks.Span[.._sharedCount].CopyTo(_blocks);
        _count = _sharedCount;
        if (prompt._positions % KvBlocks.BlockLength != 0)
        {
            _blocks[_count++] = _memory.Take();
            _memory.Copy(prompt._blocks[_sharedCount], _blocks[_sharedCount]);
        }
    }
}
