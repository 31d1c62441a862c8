using ReSTEM.Models;

namespace ReSTEM.Onnx;

/// <summary>Products with the weights' matrices, in the orientation in which they are stored, and adapters beside them.</summary>
internal sealed class GraphProjections(GraphBuilder graph, GraphWeights weights, GraphSource source, HeldTensors held)
{
    /// <summary>A part's outputs, one for each width; tensors that are stored as one are multiplied as one and split.</summary>
    /// <param name="x">[B, S, in].</param>
    /// <param name="part">The matrices.</param>
    /// <param name="bias">Their biases.</param>
    /// <param name="layer">From 0.</param>
    /// <param name="widths">Of the outputs.</param>
    internal string[] Apply(string x, WeightPart part, WeightPart bias, int layer, int[] widths)
    {
        var (places, biases) = (weights.Of(part, layer), weights.Of(bias, layer));
        string[] outputs = [.. places.Select((place, index) => Adapted(
            x, Biased(Multiply(x, place), biases.Count > 0 ? biases[index] : null), place))];
        return outputs.Length == widths.Length ? outputs : Split(outputs[0], widths);
    }

    /// <summary>Logits, [n, V].</summary>
    internal string Head(string rows) =>
        Multiply(rows, weights.Of(weights.Config.TiedEmbeddings ? WeightPart.Embedding : WeightPart.Head)[0]);

    private string Multiply(string x, TensorPlace place)
    {
        if (source.WeightBits > 0)
        {
            return MultiplyBlocks(x, place);
        }

        var matrix = weights.Stored(place);
        return graph.Node(
            GraphBuilder.Contributed, "FusedMatMul", [x, weights.Value(place)], NodeAttribute.Of("transB", matrix.IsTransposed ? 0L : 1L));
    }

    private string MultiplyBlocks(string x, TensorPlace place)
    {
        int blocks = BlockQuantisation.Blocks(place.RowLength), bits = source.WeightBits, size = BlockQuantisation.BlockBytes(bits);
        string numbers = $"{place.Name}.blocks", scales = $"{place.Name}.scales";
        var bytes = held.Add<byte>(graph, numbers, OnnxType.UInt8, [place.Rows, blocks, size]);
        var factors = held.Add<float>(graph, scales, OnnxType.Float, [(long)place.Rows * blocks]);
        float[] row = new float[place.RowLength];
        for (int index = 0; index < place.Rows; index++)
        {
            source.Weights.Read(place, index, row);
            BlockQuantisation.Row(row, bits, bytes.Slice(index * blocks * size, blocks * size), factors.Slice(index * blocks, blocks));
        }

        return graph.Node(
            GraphBuilder.Contributed, "MatMulNBits", [x, numbers, scales],
            NodeAttribute.Of("K", (long)place.RowLength), NodeAttribute.Of("N", (long)place.Rows), NodeAttribute.Of("bits", (long)bits),
            NodeAttribute.Of("block_size", (long)BlockQuantisation.BlockLength), NodeAttribute.Of("accuracy_level", 1L));
    }

    private string Biased(string x, TensorPlace? bias) => bias is null ? x : graph.Node("Add", [x, weights.Value(bias)]);

    /// <summary>Adds <c>scale (x A^T) B^T</c> where the projection is adapted.</summary>
    private string Adapted(string x, string output, TensorPlace place)
    {
        var module = source.Adapter?.Modules.FirstOrDefault(module => module.Place.Name == place.Name);
        if (module is null)
        {
            return output;
        }

        string down = Factor($"{place.Name}.down", module.Down, module.Rank, place.RowLength, source.Adapter!.Config.Scale);
        string up = Factor($"{place.Name}.up", module.Up, place.Rows, module.Rank, 1);
        return graph.Node("Add", [output, Product(Product(x, down), up)]);
    }

    private string Product(string x, string matrix) =>
        graph.Node(GraphBuilder.Contributed, "FusedMatMul", [x, matrix], NodeAttribute.Of("transB", 1L));

    private string Factor(string name, float[] values, int rows, int columns, float scale)
    {
        var memory = held.Add<float>(graph, name, OnnxType.Float, [rows, columns]);
        for (int index = 0; index < values.Length; index++)
        {
            memory[index] = scale * values[index];
        }

        return weights.Cast(name, OnnxType.Float, weights.Type);
    }

    private string[] Split(string x, int[] widths)
    {
        string[] outputs = [.. widths.Select(_ => graph.NewName("part"))];
        graph.Node("", "Split", [x, graph.Constant([.. widths.Select(static width => (long)width)])], outputs, NodeAttribute.Of("axis", -1L));
        return outputs;
    }
}
