using ReSTEM.Engines;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Onnx;

/// <summary>
/// Writes the one decoder of this engine as a graph: what a family does in its own way comes from its description. Rows are [B, S]: a step of decoding has
/// B slots and S = 1, a piece of a prompt B = 1.
/// </summary>
internal sealed class DecoderGraph
{
    internal const string Ids = "ids", Positions = "positions", Lengths = "lengths", Total = "total", Wanted = "wanted", Logits = "logits";

    private readonly GraphBuilder _graph = new();
    private readonly GraphWeights _weights;
    private readonly GraphLayers _layers;
    private readonly ModelConfig _config;
    private readonly HeldTensors _held;
    private readonly Dictionary<RopeTable, (string Cos, string Sin)> _rotations = [];

    private DecoderGraph(GraphSource source, HeldTensors held)
    {
        (_config, _held) = (source.Weights.Config, held);
        _weights = new GraphWeights(_graph, source.Weights, source.Type, held);
        _layers = new GraphLayers(_graph, _weights, new GraphProjections(_graph, _weights, source, held));
    }

    internal static string Past(bool isKey, int layer) => $"past.{layer}.{(isKey ? "key" : "value")}";

    internal static string Present(bool isKey, int layer) => $"present.{layer}.{(isKey ? "key" : "value")}";

    /// <summary>The graph as bytes.</summary>
    /// <param name="source">Weights and how they are computed with.</param>
    /// <param name="held">Takes what of them lies in no file.</param>
    internal static byte[] Write(GraphSource source, HeldTensors held)
    {
        var writer = new DecoderGraph(source, held);
        writer.Write();
        return writer._graph.ToBytes();
    }

    private void Write()
    {
        var type = _weights.Type;
        string ids = _graph.Input(Ids, OnnxType.Int64, -1, -1), positions = _graph.Input(Positions, OnnxType.Int64, -1, -1);
        string lengths = _graph.Input(Lengths, OnnxType.Int32, -1), total = _graph.Input(Total, OnnxType.Int32, 1);
        string wanted = _graph.Input(Wanted, OnnxType.Int64, -1);
        var tables = ModelRope.Tables(_config);
        int headDim = GraphAttention.HeadDim(_config);
        string residual = Embed(ids, positions);
        for (int layer = 0; layer < _config.LayerCount; layer++)
        {
            string pastKey = _graph.Input(Past(true, layer), type, -1, _config.KvHeadCount, -1, headDim);
            string pastValue = _graph.Input(Past(false, layer), type, -1, _config.KvHeadCount, -1, headDim);
            var cache = new GraphCache(layer, pastKey, pastValue, lengths, total);
            residual = _layers.Layer(residual, cache, tables[layer] is { } table ? Rotation(table, positions) : null);
            _graph.Output(Present(true, layer), type, -1, _config.KvHeadCount, -1, headDim);
            _graph.Output(Present(false, layer), type, -1, _config.KvHeadCount, -1, headDim);
        }

        string rows = _graph.Node("Reshape", [residual, _graph.Constant(-1, _config.ModelDim)]);
        _layers.Head(_graph.Node("Gather", [rows, wanted], NodeAttribute.Of("axis", 0L)), Logits);
        _graph.Output(Logits, OnnxType.Float, -1, _config.VocabularySize);
    }

    private string Embed(string ids, string positions)
    {
        string rows = Rows(WeightPart.Embedding, ids);
        if (_config.Family.ScalesEmbeddings)
        {
            rows = _graph.Node("Mul", [rows, _layers.Scalar(MathF.Sqrt(_config.ModelDim))]);
        }

        return _config.Family.HasLearnedPositions ? _graph.Node("Add", [rows, Rows(WeightPart.Positions, positions)]) : rows;
    }

    /// <summary>Rows of a table, cast after they are taken: the table stays where it is.</summary>
    private string Rows(WeightPart part, string indices)
    {
        var table = _weights.Stored(_weights.Of(part)[0]);
        return _weights.Cast(_graph.Node("Gather", [table.Name, indices], NodeAttribute.Of("axis", 0L)), table.Type, _weights.Type);
    }

    private GraphRotation Rotation(RopeTable table, string rows)
    {
        if (!_rotations.TryGetValue(table, out var names))
        {
            names = ($"rotation.{_rotations.Count}.cos", $"rotation.{_rotations.Count}.sin");
            _rotations[table] = names;
            int positions = KvLayout.FullLength(_config), last = table.Positions - 1; // a piece is filled up beyond the context
            var cos = _held.Add<float>(_graph, names.Cos, OnnxType.Float, [positions, table.HalfDim]);
            var sin = _held.Add<float>(_graph, names.Sin, OnnxType.Float, [positions, table.HalfDim]);
            for (int position = 0; position < positions; position++)
            {
                table.Cos(Math.Min(position, last)).CopyTo(cos[(position * table.HalfDim)..]);
                table.Sin(Math.Min(position, last)).CopyTo(sin[(position * table.HalfDim)..]);
            }
        }

        return new GraphRotation(names.Cos, names.Sin, rows, 2 * table.HalfDim);
    }
}

/// <summary>What a graph is made of.</summary>
/// <param name="Weights">The weights.</param>
/// <param name="Adapter">Computed beside them; null for none.</param>
/// <param name="Type">Of activations, keys and values.</param>
/// <param name="WeightBits">Of the matrices' numbers where they are whole numbers in blocks: 8 or 4; 0 where they are of the activations' type.</param>
internal sealed record GraphSource(IWeightSource Weights, Adapter? Adapter, OnnxType Type, int WeightBits);

/// <summary>Keys and values of a layer.</summary>
/// <param name="Layer">From 0.</param>
/// <param name="PastKey">[B, K, T, Hd].</param>
/// <param name="PastValue">[B, K, T, Hd].</param>
/// <param name="Lengths">Positions of each row's sequence with those being computed, less 1, [B].</param>
/// <param name="Total">The most of them, not less 1.</param>
internal sealed record GraphCache(int Layer, string PastKey, string PastValue, string Lengths, string Total);

/// <summary>A rotary embedding.</summary>
/// <param name="Cos">[context, Dim / 2].</param>
/// <param name="Sin">[context, Dim / 2].</param>
/// <param name="Positions">[B, S].</param>
/// <param name="Dim">Elements of a head that are turned.</param>
internal sealed record GraphRotation(string Cos, string Sin, string Positions, int Dim);
