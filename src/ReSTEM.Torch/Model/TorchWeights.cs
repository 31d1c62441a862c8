using ReSTEM.Models;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>
/// The weights of a model as tensors on a device, one for each part of the decoder: neighbours that are multiplied at once are stacked,
/// as <see cref="WeightPart"/> says.
/// </summary>
internal sealed class TorchWeights : IDisposable
{
    private readonly Dictionary<(WeightPart Part, int Layer), Tensor> _parts = [];

    /// <summary>Copies weights to a device.</summary>
    /// <param name="source">Read once, row by row.</param>
    /// <param name="device">Where to.</param>
    /// <param name="type">What they become.</param>
    internal TorchWeights(IWeightSource source, Device device, ScalarType type)
    {
        (Config, Places, Device, Type) = (source.Config, source.Places, device, type);
        bool isWhole = false;
        try
        {
            foreach (var part in source.Places.Select(static place => (place.Part, place.Layer)).Distinct())
            {
                _parts[part] = Read(source, source.Of(part.Part, part.Layer), device, type);
            }

            isWhole = true;
        }
        finally
        {
            if (!isWhole)
            {
                Dispose();
            }
        }
    }

    internal ModelConfig Config { get; }

    /// <summary>The stored tensors, whose rows make up the parts.</summary>
    internal IReadOnlyList<TensorPlace> Places { get; }

    internal Device Device { get; }

    internal ScalarType Type { get; }

    /// <summary>Every part, in the order of the stored tensors.</summary>
    internal IEnumerable<Tensor> Parts => _parts.Values;

    /// <summary>A part that the model has.</summary>
    internal Tensor this[WeightPart part, int layer = -1] => _parts[(part, layer)];

    /// <summary>A part; null where the model has none.</summary>
    internal Tensor? Find(WeightPart part, int layer = -1) => _parts.GetValueOrDefault((part, layer));

    /// <summary>The LM head, [V, D]: the embedding where they are tied.</summary>
    internal Tensor Head => this[Config.TiedEmbeddings ? WeightPart.Embedding : WeightPart.Head];

    /// <summary>The weights as they are now, read back from the device.</summary>
    internal IWeightSource AsSource() => new Source(this);

    public void Dispose()
    {
        foreach (var part in _parts.Values)
        {
            part.Dispose();
        }

        _parts.Clear();
    }

    private static Tensor Read(IWeightSource source, IReadOnlyList<TensorPlace> places, Device device, ScalarType type)
    {
        float[] values = new float[places.Sum(static place => place.Length)];
        int end = 0;
        foreach (var place in places)
        {
            source.Read(place, 0, values.AsSpan(end, place.Length));
            end += place.Length;
        }

        long[] shape = places[0].Shape.Count == 1 ? [values.Length] : [places.Sum(static place => place.Rows), places[0].RowLength];
        return DeviceTensors.Copy(values, shape, type, device);
    }

    private sealed class Source(TorchWeights weights) : IWeightSource
    {
        public ModelConfig Config => weights.Config;

        public IReadOnlyList<TensorPlace> Places => weights.Places;

        public void Read(TensorPlace place, int firstRow, Span<float> rows)
        {
            using var scope = NewDisposeScope();
            long start = weights.Places.Where(other => (other.Part, other.Layer) == (place.Part, place.Layer))
                .TakeWhile(other => other.Name != place.Name).Sum(static other => (long)other.Length) + ((long)firstRow * place.RowLength);
            var values = weights[place.Part, place.Layer].detach().reshape(-1).narrow(0, start, rows.Length).to(float32).cpu().contiguous();
            values.data<float>().CopyTo(rows);
        }
    }
}
