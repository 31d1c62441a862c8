using ReSTEM.Models;

namespace ReSTEM.Onnx;

/// <summary>Attention over keys and values in fixed buffers.</summary>
internal sealed class GraphAttention(GraphBuilder graph, GraphWeights weights)
{
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
        return mixed;
    }

    private string Rotate(string heads, int count, GraphRotation rotation) => graph.Node(
        GraphBuilder.Contributed, "RotaryEmbedding", [heads, rotation.Positions, rotation.Cos, rotation.Sin],
        NodeAttribute.Of("num_heads", (long)count),
        NodeAttribute.Of("rotary_embedding_dim", rotation.Dim == _config.HeadDim ? 0L : rotation.Dim));
}
