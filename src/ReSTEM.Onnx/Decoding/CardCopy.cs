using Microsoft.ML.OnnxRuntime;

namespace ReSTEM.Onnx;

/// <summary>Copies tensors from one place of a card's memory to another, by a graph that does nothing else.</summary>
internal sealed class CardCopy : IDisposable
{
    private const string From = "from", To = "to";

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();

    internal CardCopy(OnnxDevice device, OnnxType type)
    {
        var graph = new GraphBuilder();
        graph.Node("", "Identity", [graph.Input(From, type, -1, -1, -1, -1)], [To]);
        graph.Output(To, type, -1, -1, -1, -1);
        using var options = device.Options();
        _session = new InferenceSession(graph.ToBytes(), options);
    }

    /// <summary>Copies each tensor into the one of the same number.</summary>
    internal void Copy(IReadOnlyList<OrtValue> from, IReadOnlyList<OrtValue> to)
    {
        using var binding = _session.CreateIoBinding();
        for (int index = 0; index < from.Count; index++)
        {
            binding.BindInput(From, from[index]);
            binding.BindOutput(To, to[index]);
            _session.RunWithBinding(_run, binding);
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
    }
}
