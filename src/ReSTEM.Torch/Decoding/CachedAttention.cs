using ReSTEM.Models;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>Rows that see what lies in a cache: of many sequences one row each, or of one sequence many.</summary>
/// <remarks>
/// Sums over positions are taken in blocks of one length and then over blocks in order, where blocks that nothing is seen of add zeros: so the bits of a
/// row are the same however many blocks its neighbours need.
/// </remarks>
internal sealed class CachedAttention : IAttention
{
    private readonly ModelConfig _config;
    private readonly KvCache _cache;
    private readonly int _rowsEach;
    private readonly int _blocks;
    private readonly int _firstWritten;
    private readonly Tensor _places;
    private readonly Dictionary<int, Tensor> _hidden = []; // by window

    /// <param name="config">Of the model.</param>
    /// <param name="cache">N sequences.</param>
    /// <param name="positions">Of the rows that see, those of each sequence together, [N * rows].</param>
    /// <param name="written">Which rows are written to the cache first, and stand for positions that are new.</param>
    /// <param name="device">Of the cache.</param>
    internal CachedAttention(ModelConfig config, KvCache cache, ReadOnlySpan<long> positions, Range written, Device device)
    {
        (_config, _cache, _rowsEach) = (config, cache, positions.Length / cache.Sequences);
        (_firstWritten, int count) = written.GetOffsetAndLength(positions.Length);
        int heads = config.KvHeadCount, last = 0;
        long[] places = new long[count * heads];
        for (int row = 0; row < positions.Length; row++)
        {
            last = Math.Max(last, (int)positions[row]);
            if (row >= _firstWritten && row < _firstWritten + count)
            {
                cache.Locate(row / _rowsEach, (int)positions[row], places.AsSpan((row - _firstWritten) * heads, heads));
            }
        }

        _blocks = KvCache.BlocksFor(last + 1);
        _places = tensor(places).to(device);
        var keys = arange(_blocks * KvCache.BlockLength, int64, device).view(_blocks, 1, 1, 1, 1, KvCache.BlockLength);
        var rows = tensor(positions.ToArray()).to(device).view(1, cache.Sequences, 1, _rowsEach, 1, 1);
        foreach (int window in Enumerable.Range(0, config.LayerCount).Select(config.WindowOf).Distinct())
        {
            _hidden[window] = window == 0 ? keys > rows : (keys > rows).logical_or(keys <= rows - window);
        }
    }

    public Tensor Attend(int layer, Tensor queries, Tensor keys, Tensor values)
    {
        long rows = queries.shape[0], seeing = (long)_cache.Sequences * _rowsEach, written = _places.shape[0] / _config.KvHeadCount;
        _cache.Write(layer, _places, Heads(keys, written), Heads(values, written));
        var mixed = Mix(layer, queries.narrow(0, 0, seeing));
        return seeing == rows ? mixed : cat([mixed, mixed.new_zeros([rows - seeing, mixed.shape[1]])], 0);
    }

    private Tensor Heads(Tensor rows, long written) => rows.narrow(0, _firstWritten, written).reshape(-1, _config.HeadDim);

    private Tensor Mix(int layer, Tensor queries)
    {
        long n = _cache.Sequences, k = _config.KvHeadCount, group = _config.HeadCount / k, dim = _config.HeadDim, length = KvCache.BlockLength;
        float scale = _config.AttentionScale == 0 ? 1 / MathF.Sqrt(dim) : _config.AttentionScale;
        var heads = queries.reshape(n, _rowsEach, k, group, dim).permute(0, 2, 1, 3, 4).reshape(1, n * k, _rowsEach * group, dim)
            .expand(_blocks, n * k, _rowsEach * group, dim).reshape(-1, _rowsEach * group, dim);
        var scores = heads.bmm(_cache.Keys(layer, _blocks).view(-1, length, dim).transpose(1, 2)).to(float32) * scale;
        scores = TorchDecoder.Cap(scores, _config.ScoreCap).view(_blocks, n, k, _rowsEach, group, length);
        scores.masked_fill_(_hidden[_config.WindowOf(layer)], float.NegativeInfinity);
        var weights = scores.sub_(scores.amax([-1], keepdim: true).amax([0], keepdim: true)).exp_();
        var sums = InOrder(weights.sum(-1)).view(n * k, _rowsEach * group, 1);
        var mixed = weights.view(-1, _rowsEach * group, length).to(queries.dtype).bmm(_cache.Values(layer, _blocks).view(-1, length, dim));
        mixed = InOrder(mixed.to(float32).view(_blocks, n * k, _rowsEach * group, dim)) / sums;
        return mixed.view(n, k, _rowsEach, group, dim).permute(0, 2, 1, 3, 4).reshape(n * _rowsEach, _config.QueryDim).to(queries.dtype);
    }

    /// <summary>The sum over blocks, one after the other: the library's own sum takes them in an order that depends on their count.</summary>
    private Tensor InOrder(Tensor blocks)
    {
        var sum = blocks.select(0, 0);
        for (int block = 1; block < _blocks; block++)
        {
            sum = sum + blocks.select(0, block);
        }

        return sum;
    }
}
