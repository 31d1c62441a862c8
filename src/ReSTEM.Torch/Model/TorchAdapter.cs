using ReSTEM.Engines;
using ReSTEM.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ReSTEM.Torch;

/// <summary>The adapters of one part of a layer, side by side: A of all modules stacked, B block by block.</summary>
/// <param name="Down">A, [R, in].</param>
/// <param name="Up">B, [out, R]; zeros outside the modules' blocks.</param>
/// <param name="Scale">On the product.</param>
/// <param name="Modules">What they are made of, in the order of rows.</param>
/// <param name="Places">All tensors of the part.</param>
internal sealed record LowRankPair(
    Tensor Down, Tensor Up, float Scale, IReadOnlyList<AdapterModule> Modules, IReadOnlyList<TensorPlace> Places)
{
    /// <summary><c>scale (x A^T) B^T</c>, [T, out].</summary>
    internal Tensor Apply(Tensor x) =>
        functional.linear(functional.linear(x, Down.to(x.dtype)) * Scale, Up.to(x.dtype));
}

/// <summary>An adapter on a device, computed beside the weights.</summary>
internal sealed class TorchAdapter : IDisposable
{
    private readonly Adapter _adapter;
    private readonly Dictionary<(WeightPart Part, int Layer), LowRankPair> _pairs = [];

    internal TorchAdapter(Adapter adapter, IWeightSource weights, Device device, ScalarType type)
    {
        _adapter = adapter;
        foreach (var (part, layer) in adapter.Modules.Select(static module => (module.Place.Part, module.Place.Layer)).Distinct())
        {
            var (modules, places) = (adapter.Of(part, layer), weights.Of(part, layer));
            var (down, up, outDim) = LowRankLayout.Stacked(modules, places);
            int rank = up.Length / outDim;
            _pairs[(part, layer)] = new LowRankPair(
                Copy(down, rank, device, type), Copy(up, outDim, device, type), adapter.Config.Scale, modules, places);
        }
    }

    /// <summary>In the order of the model's tensors.</summary>
    internal IEnumerable<LowRankPair> Pairs => _pairs.Values;

    /// <summary>Null where no module of the part is adapted.</summary>
    internal LowRankPair? Find(WeightPart part, int layer) => _pairs.GetValueOrDefault((part, layer));

    /// <summary>The adapter as it is now, read back from the device.</summary>
    internal Adapter ToAdapter() => _adapter with
    {
        Modules = [.. Pairs.SelectMany(static pair => LowRankLayout.Apart(pair.Modules, pair.Places, Values(pair.Down), Values(pair.Up)))],
    };

    public void Dispose()
    {
        foreach (var pair in Pairs)
        {
            pair.Down.Dispose();
            pair.Up.Dispose();
        }
    }

    private static float[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(float32).cpu().contiguous().data<float>().ToArray();
    }

    private static Tensor Copy(float[] values, int rows, Device device, ScalarType type) =>
        DeviceTensors.Copy(values, [rows, values.Length / rows], type, device);
}
