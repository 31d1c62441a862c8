using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>Blocks of keys and values for all layers of a model, handed out by number. For one thread.</summary>
/// <remarks>Kwon et al. 2023, arXiv:2309.06180, section 4.1.</remarks>
internal sealed class KvMemory : IDisposable
{
    private readonly KvBlocks[] _layers;
    private readonly int[] _free;
    private int _freeCount;
    private int _reservedCount;
    private int _clearedCount;

    internal KvMemory(PackedModel model, int blockCount)
    {
        BlockCount = blockCount;
        _layers = new KvBlocks[model.Config.LayerCount];
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            _layers[layer] = new KvBlocks(blockCount, model.Layers[layer].Attention, model.FormatBeside, isCleared: false);
        }

        // Low numbers first: memory that was never used is never touched.
        _free = new int[blockCount];
        for (int block = 0; block < blockCount; block++)
        {
            _free[block] = blockCount - 1 - block;
        }

        _freeCount = blockCount;
    }

    internal int BlockCount { get; }

    internal KvBlocks Layer(int layer) => _layers[layer];

    /// <summary>Sets blocks aside, so that they can be taken when they are needed; false if there are too few.</summary>
    internal bool TryReserve(int blocks)
    {
        bool fits = _reservedCount + blocks <= BlockCount;
        _reservedCount += fits ? blocks : 0;
        return fits;
    }

    /// <summary>Ends a reservation; its blocks have been returned.</summary>
    internal void Unreserve(int blocks) => _reservedCount -= blocks;

    internal int Take()
    {
        int block = _free[--_freeCount];
        for (; _clearedCount <= block; _clearedCount++)
        {
            Array.ForEach(_layers, layer => layer.Clear(_clearedCount));
        }

        return block;
    }

    internal void Return(int block) => _free[_freeCount++] = block;

    /// <summary>Copies the content of a block in all layers.</summary>
    internal void Copy(int from, int to)
    {
        foreach (KvBlocks layer in _layers)
        {
            layer.Copy(from, to);
        }
    }

    /// <summary>Gives its blocks' memory back.</summary>
    public void Dispose() => Array.ForEach(_layers, static layer => layer.Dispose());

    /// <summary>Blocks that hold a number of positions.</summary>
    internal static int BlocksFor(int positions) => (positions + KvBlocks.BlockLength - 1) / KvBlocks.BlockLength;

    /// <summary>Most blocks that a sequence takes beside the whole blocks of a prompt that it shares.</summary>
    internal static int BlocksBeside(int promptLength, int positions) => BlocksFor(positions) - (promptLength / KvBlocks.BlockLength);

    /// <summary>Bytes of one block over all layers.</summary>
    internal static long BytesPerBlock(ModelConfig config, NumberFormat format = NumberFormat.Float32) =>
        2L * (format is NumberFormat.Bfloat16 ? sizeof(ushort) : sizeof(float)) * config.LayerCount * config.KvHeadCount * KvBlocks.BlockLength * ((config.HeadDim + 15) / 16 * 16);
}
