using System.Globalization;
using System.Runtime.InteropServices;

namespace ReSTEM.Onnx;

/// <summary>Where the numbers of an initialiser lie.</summary>
/// <param name="Path">Real path of a file.</param>
/// <param name="Begin">First byte.</param>
/// <param name="ByteCount">Size.</param>
internal readonly record struct FileRange(string Path, long Begin, long ByteCount);

/// <summary>A graph in the making: nodes in order of computation, initialisers, inputs and outputs.</summary>
/// <remarks>Messages and field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto; only the fields used here are written.</remarks>
internal sealed class GraphBuilder
{
    /// <summary>The folder to which the places of <see cref="FileRange"/> are relative: the root, so that any file can be named.</summary>
    internal const string DataFolder = "/";

    internal const string Contributed = "com.microsoft";
    private const int IrVersion = 10;
    private const int Opset = 21;
    private const int External = 1;

    private readonly ProtoMessage _graph = new();
    private readonly List<ProtoMessage> _nodes = [], _initialisers = [], _inputs = [], _outputs = [];
    private readonly Dictionary<string, string> _constants = new(StringComparer.Ordinal);
    private int _nameCount;

    /// <summary>Adds an input; a negative extent is any.</summary>
    internal string Input(string name, OnnxType type, params ReadOnlySpan<long> shape)
    {
        _inputs.Add(Value(name, type, shape));
        return name;
    }

    /// <summary>Makes a value an output.</summary>
    internal void Output(string name, OnnxType type, params ReadOnlySpan<long> shape) => _outputs.Add(Value(name, type, shape));

    /// <summary>Adds a node and returns the name of its output.</summary>
    internal string Node(string op, ReadOnlySpan<string> inputs, params ReadOnlySpan<NodeAttribute> attributes) => Node("", op, inputs, attributes);

    /// <summary>Adds a node of a domain and returns the name of its output.</summary>
    internal string Node(string domain, string op, ReadOnlySpan<string> inputs, params ReadOnlySpan<NodeAttribute> attributes)
    {
        string output = NewName(op);
        Node(domain, op, inputs, [output], attributes);
        return output;
    }

    /// <summary>Adds a node with named outputs.</summary>
    internal void Node(
        string domain, string op, ReadOnlySpan<string> inputs, ReadOnlySpan<string> outputs, params ReadOnlySpan<NodeAttribute> attributes)
    {
        var node = new ProtoMessage();
        foreach (string input in inputs)
        {
            node.Add(1, input);
        }

        foreach (string output in outputs)
        {
            node.Add(2, output);
        }

        node.Add(3, $"{op}.{_nodes.Count}").Add(4, op);
        foreach (var attribute in attributes)
        {
            node.Add(5, attribute.ToMessage());
        }

        _nodes.Add(node.Add(7, domain));
    }

    /// <summary>A name for a value that no other has.</summary>
    internal string NewName(string what) => $"{what}_{_nameCount++}";

    /// <summary>Adds numbers that lie in a file.</summary>
    internal string Stored(string name, OnnxType type, IReadOnlyList<int> shape, FileRange range) =>
        InFile(name, type, [.. shape.Select(static extent => (long)extent)], range);

    /// <summary>Adds numbers that a session is given by name; what stands in the graph for them is never read.</summary>
    internal void Held(string name, OnnxType type, ReadOnlySpan<long> shape, long bytes) =>
        InFile(name, type, shape.ToArray(), new FileRange("/dev/zero", 0, bytes));

    /// <summary>Adds numbers that are part of the graph itself.</summary>
    internal string Inline(string name, OnnxType type, ReadOnlySpan<long> shape, ReadOnlySpan<byte> values)
    {
        _initialisers.Add(Tensor(name, type, shape.ToArray()).Add(9, values));
        return name;
    }

    /// <summary>A float32 as a scalar; equal ones are one.</summary>
    internal string Constant(float value) => Constant($"f{BitConverter.SingleToInt32Bits(value):x8}", OnnxType.Float, [], BitConverter.GetBytes(value));

    /// <summary>Whole numbers, [n]; equal ones are one.</summary>
    internal string Constant(params ReadOnlySpan<long> values)
    {
        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        return Constant($"i{string.Join('_', values.ToArray())}", OnnxType.Int64, [values.Length], bytes);
    }

    /// <summary>The graph as a file holds it.</summary>
    internal byte[] ToBytes()
    {
        foreach (var node in _nodes)
        {
            _graph.Add(1, node);
        }

        _graph.Add(2, "decoder");
        AddAll(5, _initialisers);
        AddAll(11, _inputs);
        AddAll(12, _outputs);
        return new ProtoMessage().Add(1, IrVersion).Add(2, "ReSTEM").Add(7, _graph)
            .Add(8, new ProtoMessage().Add(1, "").Add(2, Opset))
            .Add(8, new ProtoMessage().Add(1, Contributed).Add(2, 1)).ToBytes();
    }

    private void AddAll(int field, List<ProtoMessage> messages)
    {
        foreach (var message in messages)
        {
            _graph.Add(field, message);
        }
    }

    private string Constant(string name, OnnxType type, ReadOnlySpan<long> shape, byte[] values)
    {
        if (!_constants.TryGetValue(name, out string? known))
        {
            _constants[name] = known = Inline(name, type, shape, values);
        }

        return known;
    }

    private string InFile(string name, OnnxType type, long[] shape, FileRange range)
    {
        _initialisers.Add(Tensor(name, type, shape)
            .Add(13, Entry("location", Path.GetRelativePath(DataFolder, range.Path)))
            .Add(13, Entry("offset", range.Begin.ToString(CultureInfo.InvariantCulture)))
            .Add(13, Entry("length", range.ByteCount.ToString(CultureInfo.InvariantCulture)))
            .Add(14, External));
        return name;
    }

    private static ProtoMessage Tensor(string name, OnnxType type, long[] shape) =>
        new ProtoMessage().Add(1, shape).Add(2, (long)type).Add(8, name);

    private static ProtoMessage Entry(string key, string value) => new ProtoMessage().Add(1, key).Add(2, value);

    private static ProtoMessage Value(string name, OnnxType type, ReadOnlySpan<long> shape)
    {
        var dims = new ProtoMessage();
        foreach (long extent in shape)
        {
            dims.Add(1, extent < 0 ? new ProtoMessage() : new ProtoMessage().Add(1, extent));
        }

        var tensor = new ProtoMessage().Add(1, (long)type).Add(2, dims);
        return new ProtoMessage().Add(1, name).Add(2, new ProtoMessage().Add(1, tensor));
    }
}
