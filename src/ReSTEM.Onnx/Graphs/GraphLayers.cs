using ReSTEM.Models;

namespace ReSTEM.Onnx;

/// <summary>The parts of a decoder's layers. Shapes: residual stream [B, S, D].</summary>
internal sealed class GraphLayers(GraphBuilder graph, GraphWeights weights, GraphProjections projections)
{
    private readonly ModelConfig _config = weights.Config;
    private readonly GraphAttention _attention = new(graph, weights);

    /// <summary>One layer over the residual stream.</summary>
    internal string Layer(string residual, GraphCache cache, GraphRotation? rotation)
    {
        int layer = cache.Layer;
        string normed = Norm(residual, WeightPart.AttentionNorm, WeightPart.AttentionNormBias, layer);
        string[] heads = projections.Apply(
            normed, WeightPart.QueryKeyValue, WeightPart.QueryKeyValueBias, layer, [_config.QueryDim, _config.KvDim, _config.KvDim]);
        string query = HeadNorm(heads[0], WeightPart.QueryNorm, layer, _config.HeadCount);
        string key = HeadNorm(heads[1], WeightPart.KeyNorm, layer, _config.KvHeadCount);
        string mixed = _attention.Attend(query, key, heads[2], cache, rotation);
        string branch = projections.Apply(mixed, WeightPart.Output, WeightPart.OutputBias, layer, [_config.ModelDim])[0];
        string middle = graph.Node("Add", [residual, Norm(branch, WeightPart.AfterAttentionNorm, null, layer)]);
        branch = FeedForward(Norm(middle, WeightPart.FeedForwardNorm, WeightPart.FeedForwardNormBias, layer), layer);
        return graph.Node("Add", [middle, Norm(branch, WeightPart.AfterFeedForwardNorm, null, layer)]);
    }

    /// <summary>Logits of rows [n, D] in float32, as a named value.</summary>
    internal void Head(string rows, string logits)
    {
        string normed = Norm(rows, WeightPart.FinalNorm, WeightPart.FinalNormBias, -1);
        string values = projections.Head(normed);
        values = weights.Cast(values, weights.Type, OnnxType.Float);
        if (_config.LogitCap != 0)
        {
            string cap = graph.Constant(_config.LogitCap);
            values = graph.Node("Mul", [graph.Node("Tanh", [graph.Node("Div", [values, cap])]), cap]);
        }

        graph.Node("", "Identity", [values], [logits]);
    }

    /// <summary>A number in the type of activations.</summary>
    internal string Scalar(float value) => weights.Cast(graph.Constant(value), OnnxType.Float, weights.Type);

    private string FeedForward(string normed, int layer)
    {
        int[] widths = _config.Family.IsGated ? [_config.FeedForwardDim, _config.FeedForwardDim] : [_config.FeedForwardDim];
        string[] parts = projections.Apply(normed, WeightPart.GateUp, WeightPart.GateUpBias, layer, widths);
        string activated = (_config.Activation, _config.Family.IsGated) switch
        {
            (Activation.Silu, true) => graph.Node("Mul", [graph.Node("Mul", [parts[0], graph.Node("Sigmoid", [parts[0]])]), parts[1]]),
            (Activation.GeluTanh, true) => graph.Node("Mul", [Gelu(parts[0]), parts[1]]),
            (Activation.GeluTanh, false) => Gelu(parts[0]),
            _ => throw new NotSupportedException($"{_config.Family} has {_config.Activation} without a gate, expected gelu_new or gelu_pytorch_tanh."),
        };
        return projections.Apply(activated, WeightPart.Down, WeightPart.DownBias, layer, [_config.ModelDim])[0];
    }

    private string Gelu(string x) => graph.Node(GraphBuilder.Contributed, "FastGelu", [x]); // the tanh form

    /// <summary>Normalises queries or keys, [B, S, heads * Hd]: each head for itself, or all of a token together.</summary>
    private string HeadNorm(string x, WeightPart gain, int layer, int heads)
    {
        if (_config.Family.QueryKeyNorm is not QueryKeyNorm.PerHead)
        {
            return Norm(x, gain, null, layer);
        }

        string apart = graph.Node("Reshape", [x, graph.Constant(0, 0, heads, _config.HeadDim)]);
        return graph.Node("Reshape", [Norm(apart, gain, null, layer), graph.Constant(0, 0, heads * _config.HeadDim)]);
    }

    /// <summary>Normalises the last dimension; what the model has no such norm for stays as it is.</summary>
    private string Norm(string x, WeightPart gain, WeightPart? bias, int layer)
    {
        if (weights.Of(gain, layer) is not [var place])
        {
            return x;
        }

        var epsilon = NodeAttribute.Of("epsilon", _config.NormEpsilon);
        var axis = NodeAttribute.Of("axis", -1L);
        if (_config.Family.Norm is NormKind.Layer)
        {
            string[] inputs = bias is { } part && weights.Of(part, layer) is [var added]
                ? [x, weights.Value(place), weights.Value(added)]
                : [x, weights.Value(place)];
            return graph.Node("LayerNormalization", inputs, axis, epsilon);
        }

        return graph.Node("SimplifiedLayerNormalization", [x, Gain(place)], axis, epsilon, NodeAttribute.Of("stash_type", (long)OnnxType.Float));
    }

    private string Gain(TensorPlace place) => _config.Family.GainOffset == 0
        ? weights.Value(place)
        : weights.Cast(graph.Node("Add", [weights.Wide(place), graph.Constant(_config.Family.GainOffset)]), OnnxType.Float, weights.Type);
}
