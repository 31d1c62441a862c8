using ReSTEM.Models;

namespace ReSTEM.Onnx;

/// <summary>Attention over keys and values in fixed buffers.</summary>
internal sealed class GraphAttention(GraphBuilder graph, GraphWeights weights)
{
    private const int HeadGrain = 8;

    private readonly ModelConfig _config = weights.Config;

    /// <summary>The heads' mixture of values, [B, S, H * Hd].</summary>
    /// <param name="query">[B, S, H * Hd], normalised.</param>
    /// <param name="key">[B, S, K * Hd], normalised.</param>
    /// <param name="value">[B, S, K * Hd].</param>
    /// <param name="cache">Earlier positions; the new ones are written behind them.</param>
    /// <param name="rotation">Null where positions are learned.</param>
    internal string Attend(string query, string key, string value, GraphCache cache, GraphRotation? rotation)
    {
        if (rotation is not null)
        {
            (query, key) = (Rotate(query, _config.HeadCount, rotation), Rotate(key, _config.KvHeadCount, rotation));
        }

        (query, key, value) = (Filled(query, _config.HeadCount), Filled(key, _config.KvHeadCount), Filled(value, _config.KvHeadCount));
        string mixed = graph.NewName("mixed");
        int window = _config.WindowOf(cache.Layer);
        float scale = _config.AttentionScale == 0 ? 1 / MathF.Sqrt(_config.HeadDim) : _config.AttentionScale;
        graph.Node(
            GraphBuilder.Contributed, "GroupQueryAttention",
            [query, key, value, cache.PastKey, cache.PastValue, cache.Lengths, cache.Total],
            [mixed, DecoderGraph.Present(true, cache.Layer), DecoderGraph.Present(false, cache.Layer)],
            NodeAttribute.Of("num_heads", (long)_config.HeadCount),
            NodeAttribute.Of("kv_num_heads", (long)_config.KvHeadCount),
            NodeAttribute.Of("scale", scale),
            NodeAttribute.Of("softcap", _config.ScoreCap),
            NodeAttribute.Of("local_window_size", window == 0 ? -1L : window));
        return Cut(mixed);
    }

    /// <summary>Hd as the operator has it: a whole multiple of 8. Zeros that fill heads up add nothing to scores.</summary>
    internal static int HeadDim(ModelConfig config) => KvLayout.RoundUp(config.HeadDim, HeadGrain);

    private string Filled(string x, int heads)
    {
        int filled = HeadDim(_config), own = _config.HeadDim;
        if (filled == own)
        {
            return x;
        }

        string apart = graph.Node("Reshape", [x, graph.Constant(0, 0, heads, own)]);
        string wide = graph.Node("Pad", [apart, graph.Constant(0, 0, 0, 0, 0, 0, 0, filled - own)]);
        return graph.Node("Reshape", [wide, graph.Constant(0, 0, heads * filled)]);
    }

    private string Cut(string mixed)
    {
        int filled = HeadDim(_config), own = _config.HeadDim, heads = _config.HeadCount;
        if (filled == own)
        {
            return mixed;
        }

        string apart = graph.Node("Reshape", [mixed, graph.Constant(0, 0, heads, filled)]);
        string narrow = graph.Node("Slice", [apart, graph.Constant(0), graph.Constant(own), graph.Constant(-1)]);
        return graph.Node("Reshape", [narrow, graph.Constant(0, 0, heads * own)]);
    }

    private string Rotate(string heads, int count, GraphRotation rotation) => graph.Node(
        GraphBuilder.Contributed, "RotaryEmbedding", [heads, rotation.Positions, rotation.Cos, rotation.Sin],
        NodeAttribute.Of("num_heads", (long)count),
        NodeAttribute.Of("rotary_embedding_dim", rotation.Dim == _config.HeadDim ? 0L : rotation.Dim));
}
