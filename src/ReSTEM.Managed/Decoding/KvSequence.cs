using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>The blocks of one sequence: at the front those of a prompt that it may share with others, then its own.</summary>
internal sealed class KvSequence(KvMemory memory, int capacity)
{
    private readonly int[] _blocks = new int[KvMemory.BlocksFor(capacity)];
    private int _sharedCount;
    private int _count;

    /// <summary>Block numbers in order of position.</summary>
    internal ReadOnlySpan<int> Blocks => _blocks.AsSpan(0, _count);

    /// <summary>Takes blocks until the positions fit.</summary>
    internal void MakeRoom(int positions)
    {
        for (int wanted = KvMemory.BlocksFor(positions); _count < wanted; _count++)
        {
            _blocks[_count] = memory.Take();
        }
    }

    /// <summary>
    /// Continues a sequence after its first <paramref name="positions"/>: whole blocks are shared, and must outlive this sequence;
    /// a block begun is copied.
    /// </summary>
    internal void Continue(KvSequence other, int positions)
    {
        _sharedCount = positions / KvBlocks.BlockLength;
        other.Blocks[.._sharedCount].CopyTo(_blocks);
        _count = _sharedCount;
        if (positions % KvBlocks.BlockLength != 0)
        {
            MakeRoom(positions);
            memory.Copy(other._blocks[_sharedCount], _blocks[_sharedCount]);
        }
    }

    /// <summary>Gives its own blocks back.</summary>
    internal void Release()
    {
        for (int block = _sharedCount; block < _count; block++)
        {
            memory.Return(_blocks[block]);
        }

        _count = 0;
        _sharedCount = 0;
    }
}
