using ReSTEM.Models;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>
/// Keys and values of some sequences in all layers, [blocks, N, K, BlockLength, Hd] each: a block holds as many positions of every sequence, so that
/// the cache grows with the longest and the blocks in use lie together.
/// </summary>
internal sealed class KvCache : IDisposable
{
    /// <summary>Positions of a block. Sums over positions are taken within blocks first, so that no bit depends on how many blocks there are.</summary>
    internal const int BlockLength = 64;

    private readonly ModelConfig _config;
    private readonly ScalarType _type;
    private readonly Device _device;
    private readonly Tensor?[] _tensors; // keys and values of each layer in turn

    internal KvCache(ModelConfig config, ScalarType type, Device device, int sequences)
    {
        (_config, _type, _device, Sequences) = (config, type, device, sequences);
        _tensors = new Tensor?[2 * config.LayerCount];
    }

    /// <summary>N.</summary>
    internal int Sequences { get; }

    /// <summary>Blocks that there is memory for.</summary>
    internal int Blocks { get; private set; }

    /// <summary>Bytes that are allocated.</summary>
    internal long Bytes => Blocks * Sequences * BytesPerBlock(_config, _type);

    /// <summary>Blocks that hold a number of positions.</summary>
    internal static int BlocksFor(int positions) => (positions + BlockLength - 1) / BlockLength;

    /// <summary>Bytes of one block of one sequence over all layers.</summary>
    internal static long BytesPerBlock(ModelConfig config, ScalarType type) =>
        2L * config.LayerCount * config.KvDim * BlockLength * TorchMemory.BytesOf(type);

    /// <summary>Makes room for more blocks; what is in those that there were stays. New ones are zeros, for what is masked must still be numbers.</summary>
    internal void Grow(int blocks)
    {
        for (int index = 0; index < _tensors.Length; index++)
        {
            using var scope = NewDisposeScope();
            var larger = zeros([blocks, Sequences, _config.KvHeadCount, BlockLength, _config.HeadDim], _type, _device);
            if (_tensors[index] is { } smaller)
            {
                larger.narrow(0, 0, smaller.shape[0]).copy_(smaller);
                smaller.Dispose();
            }

            _tensors[index] = larger.DetachFromDisposeScope();
        }

        Blocks = blocks;
    }

    /// <summary>The keys in a layer's first blocks, [blocks, N, K, BlockLength, Hd].</summary>
    internal Tensor Keys(int layer, int blocks) => _tensors[2 * layer]!.narrow(0, 0, blocks);

    /// <summary>The values in a layer's first blocks, [blocks, N, K, BlockLength, Hd].</summary>
    internal Tensor Values(int layer, int blocks) => _tensors[(2 * layer) + 1]!.narrow(0, 0, blocks);

    /// <summary>Where the heads of a position lie among all rows of Hd numbers of a layer.</summary>
    internal void Locate(int sequence, int position, Span<long> places)
    {
        long first = ((((long)position / BlockLength) * Sequences) + sequence) * _config.KvHeadCount * BlockLength;
        for (int head = 0; head < places.Length; head++)
        {
            places[head] = first + ((long)head * BlockLength) + (position % BlockLength);
        }
    }

    /// <summary>Writes rows of heads.</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="places">As <see cref="Locate"/> gives them, [n], int64.</param>
    /// <param name="keys">Shape [n, Hd].</param>
    /// <param name="values">Shape [n, Hd].</param>
    internal void Write(int layer, Tensor places, Tensor keys, Tensor values)
    {
        _tensors[2 * layer]!.view(-1, _config.HeadDim).index_copy_(0, places, keys);
        _tensors[(2 * layer) + 1]!.view(-1, _config.HeadDim).index_copy_(0, places, values);
    }

    /// <summary>Copies the blocks of another cache's only sequence to the beginning of one of these.</summary>
    internal void CopyFrom(KvCache other, int sequence)
    {
        for (int index = 0; index < _tensors.Length; index++)
        {
            _tensors[index]!.narrow(0, 0, other.Blocks).select(1, sequence).copy_(other._tensors[index]!.select(1, 0));
        }
    }

    public void Dispose()
    {
        for (int index = 0; index < _tensors.Length; index++)
        {
            _tensors[index]?.Dispose();
            _tensors[index] = null;
        }

        Blocks = 0;
    }
}
