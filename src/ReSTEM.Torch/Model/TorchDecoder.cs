using ReSTEM.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ReSTEM.Torch;

/// <summary>How rows see each other: the only thing in which sampling and training differ.</summary>
internal interface IAttention
{
    /// <summary>The heads' mixture of values.</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="queries">Shape [T, H, Hd], normalised and rotated.</param>
    /// <param name="keys">Shape [T, K, Hd], normalised and rotated.</param>
    /// <param name="values">Shape [T, K, Hd].</param>
    /// <returns>Shape [T, H * Hd].</returns>
    Tensor Attend(int layer, Tensor queries, Tensor keys, Tensor values);
}

/// <summary>
/// The one decoder of this engine, over rows of any sequences: what a family does in its own way comes from its description, and who sees whom from an
/// <see cref="IAttention"/>.
/// </summary>
/// <param name="weights">Not owned.</param>
/// <param name="type">Of activations; weights of another type are cast where they are used.</param>
/// <param name="adapter">Computed beside the weights; null for none.</param>
internal sealed class TorchDecoder(TorchWeights weights, ScalarType type, TorchAdapter? adapter = null)
{
    private readonly ModelConfig _config = weights.Config;

    internal ModelConfig Config => _config;

    internal Device Device => weights.Device;

    internal ScalarType Type => type;

    /// <summary>Rows of the residual stream, [T, D].</summary>
    /// <param name="ids">Token ids, [T], int64.</param>
    /// <param name="positions">Of each, [T], int64.</param>
    internal Tensor Embed(Tensor ids, Tensor positions)
    {
        var rows = weights[WeightPart.Embedding].index_select(0, ids).to(type);
        if (_config.Family.ScalesEmbeddings)
        {
            rows = rows * MathF.Sqrt(_config.ModelDim);
        }

        return weights.Find(WeightPart.Positions) is { } table ? rows + table.index_select(0, positions).to(type) : rows;
    }

    /// <summary>One layer.</summary>
    /// <param name="rows">The residual stream, [T, D].</param>
    /// <param name="layer">From 0.</param>
    /// <param name="rotation">Of the rows' positions in this layer; null where positions are learned.</param>
    /// <param name="attention">Who sees whom.</param>
    /// <returns>[T, D].</returns>
    internal Tensor Layer(Tensor rows, int layer, Rotation? rotation, IAttention attention)
    {
        using var scope = NewDisposeScope();
        var mixed = Mix(Norm(rows, WeightPart.AttentionNorm, WeightPart.AttentionNormBias, layer), layer, rotation, attention);
        var branch = Project(mixed, WeightPart.Output, WeightPart.OutputBias, layer);
        var middle = rows + Norm(branch, WeightPart.AfterAttentionNorm, null, layer);
        var normed = Norm(middle, WeightPart.FeedForwardNorm, WeightPart.FeedForwardNormBias, layer);
        var activated = Activate(Project(normed, WeightPart.GateUp, WeightPart.GateUpBias, layer));
        branch = Project(activated, WeightPart.Down, WeightPart.DownBias, layer);
        return (middle + Norm(branch, WeightPart.AfterFeedForwardNorm, null, layer)).MoveToOuterDisposeScope();
    }

    /// <summary>The norm before the head, [T, D].</summary>
    internal Tensor FinalNorm(Tensor rows) => Norm(rows, WeightPart.FinalNorm, WeightPart.FinalNormBias, -1);

    /// <summary>Logits in float32, [T, V].</summary>
    /// <param name="normed">Rows behind the last norm, [T, D].</param>
    internal Tensor Logits(Tensor normed)
    {
        using var scope = NewDisposeScope();
        var logits = functional.linear(normed, Cast(weights.Head)).to(float32);
        return Cap(logits, _config.LogitCap).MoveToOuterDisposeScope();
    }

    /// <summary><c>cap tanh(x / cap)</c>; x itself for a cap of 0.</summary>
    internal static Tensor Cap(Tensor x, float cap) => cap == 0 ? x : (x / cap).tanh() * cap;

    private Tensor Mix(Tensor normed, int layer, Rotation? rotation, IAttention attention)
    {
        long count = normed.shape[0];
        var heads = Project(normed, WeightPart.QueryKeyValue, WeightPart.QueryKeyValueBias, layer);
        var queries = heads.narrow(1, 0, _config.QueryDim);
        var keys = heads.narrow(1, _config.QueryDim, _config.KvDim);
        var values = heads.narrow(1, _config.QueryDim + _config.KvDim, _config.KvDim).view(count, _config.KvHeadCount, _config.HeadDim);
        if (_config.Family.QueryKeyNorm is QueryKeyNorm.Whole)
        {
            (queries, keys) = (Norm(queries, WeightPart.QueryNorm, null, layer), Norm(keys, WeightPart.KeyNorm, null, layer));
        }

        queries = queries.reshape(count, _config.HeadCount, _config.HeadDim);
        keys = keys.reshape(count, _config.KvHeadCount, _config.HeadDim);
        if (_config.Family.QueryKeyNorm is QueryKeyNorm.PerHead)
        {
            (queries, keys) = (Norm(queries, WeightPart.QueryNorm, null, layer), Norm(keys, WeightPart.KeyNorm, null, layer));
        }

        return rotation is null
            ? attention.Attend(layer, queries, keys, values)
            : attention.Attend(layer, rotation.Apply(queries), rotation.Apply(keys), values);
    }

    /// <summary>Normalises the last dimension in float32; what the model has no such norm for stays as it is.</summary>
    private Tensor Norm(Tensor x, WeightPart gain, WeightPart? bias, int layer)
    {
        if (weights.Find(gain, layer) is not { } stored)
        {
            return x;
        }

        var (wide, factor) = (x.to(float32), stored.to(float32));
        if (_config.Family.Norm is NormKind.Layer)
        {
            var shift = bias is { } part ? weights.Find(part, layer)?.to(float32) : null;
            return functional.layer_norm(wide, [x.shape[^1]], factor, shift, _config.NormEpsilon).to(type);
        }

        factor = _config.Family.GainOffset == 0 ? factor : factor + _config.Family.GainOffset;
        return (wide * (wide.square().mean([-1], keepdim: true) + _config.NormEpsilon).rsqrt() * factor).to(type);
    }

    private Tensor Project(Tensor x, WeightPart part, WeightPart bias, int layer)
    {
        var output = functional.linear(x, Cast(weights[part, layer]), weights.Find(bias, layer) is { } added ? Cast(added) : null);
        return adapter?.Find(part, layer) is { } lowRank ? output + lowRank.Apply(x) : output;
    }

    private Tensor Activate(Tensor gateUp) => (_config.Activation, _config.Family.IsGated) switch
    {
        (Activation.Silu, true) => functional.silu(Gate(gateUp)) * Up(gateUp),
        (Activation.GeluTanh, true) => Gelu(Gate(gateUp)) * Up(gateUp),
        (Activation.GeluTanh, false) => Gelu(gateUp),
        _ => throw new NotSupportedException($"{_config.Family} has {_config.Activation} without a gate, expected gelu_new or gelu_pytorch_tanh."),
    };

    private Tensor Gate(Tensor gateUp) => gateUp.narrow(1, 0, _config.FeedForwardDim);

    private Tensor Up(Tensor gateUp) => gateUp.narrow(1, _config.FeedForwardDim, _config.FeedForwardDim);

    /// <summary>In its tanh form, which the library has no name for here.</summary>
    private static Tensor Gelu(Tensor x)
    {
        const float Root = 0.7978845608028654f; // sqrt(2 / pi)
        return 0.5f * x * (1 + (Root * (x + (0.044715f * x.pow(3)))).tanh());
    }

    private Tensor Cast(Tensor weight) => weight.dtype == type ? weight : weight.to(type);
}
