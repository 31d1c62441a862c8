using ReSTEM.Engines;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>An adapter as one vector: for each adapted part of a layer A, stacked, then B, side by side.</summary>
internal sealed class AdapterVector
{
    private readonly Adapter _adapter;
    private readonly List<(IReadOnlyList<AdapterModule> Modules, IReadOnlyList<TensorPlace> Places, TrainedLowRank Trained)> _parts = [];

    /// <summary>Puts what is trained beside the projections of a decoder.</summary>
    internal AdapterVector(Adapter adapter, IWeightSource weights, TrainedDecoder decoder)
    {
        _adapter = adapter;
        foreach (var projection in decoder.Projections)
        {
            if (adapter.Of(projection.Part, projection.Layer) is not { Count: > 0 } modules)
            {
                continue;
            }

            var (outDim, inDim, rank) = (projection.Matrix.Forward.OutDim, projection.Matrix.Forward.InDim, modules.Sum(static module => module.Rank));
            var down = new Stretch(Length, rank * inDim);
            var up = new Stretch(down.Start + down.Length, outDim * rank);
            Length = up.Start + up.Length;
            projection.Adapter = new TrainedLowRank(outDim, inDim, rank, adapter.Config.Scale, down, up, decoder.Format);
            _parts.Add((modules, weights.Of(projection.Part, projection.Layer), projection.Adapter));
        }
    }

    /// <summary>Count of numbers.</summary>
    internal int Length { get; }

    /// <summary>Everything in it is a matrix, and decays.</summary>
    internal IReadOnlyList<(Stretch Place, bool IsDecayed)> Parameters =>
        [.. _parts.SelectMany(static part => new[] { (part.Trained.DownPlace, true), (part.Trained.UpPlace, true) })];

    /// <summary>Copies the adapter's values into a vector.</summary>
    internal void Read(FloatBuffer values)
    {
        foreach (var (modules, places, trained) in _parts)
        {
            var (down, up, _) = LowRankLayout.Stacked(modules, places);
            down.CopyTo(Slice(values, trained.DownPlace));
            up.CopyTo(Slice(values, trained.UpPlace));
        }
    }

    /// <summary>A copy of the vector as an adapter.</summary>
    internal Adapter ToAdapter(FloatBuffer values) => _adapter with
    {
        Modules =
        [
            .. _parts.SelectMany(part => LowRankLayout.Apart(
                part.Modules, part.Places, Slice(values, part.Trained.DownPlace), Slice(values, part.Trained.UpPlace))),
        ],
    };

    /// <summary>Clears the gradient of what lies between the modules, which is not trained.</summary>
    internal void ClearOutside(FloatBuffer gradient)
    {
        foreach (var (modules, places, trained) in _parts)
        {
            LowRankLayout.ClearOutside(modules, places, Slice(gradient, trained.UpPlace));
        }
    }

    /// <summary>Lays values that have changed out anew.</summary>
    internal void TakeOver(FloatBuffer values, WorkerPool pool)
    {
        foreach (var (_, _, trained) in _parts)
        {
            trained.Set(values, pool);
        }
    }

    private static Span<float> Slice(FloatBuffer vector, Stretch place) => vector.Slice(place.Start, place.Length);
}
