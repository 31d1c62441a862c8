using ReSTEM.Engines;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>
/// The adapters of one part of a layer, side by side: A of all modules stacked, B with each module's columns in its own rows and
/// zeros elsewhere, so that stacked projections are adapted by two products.
/// </summary>
internal sealed class LowRank
{
    private LowRank(PackedMatrix down, PackedMatrix up, float scale) => (Down, Up, Scale) = (down, up, scale);

    /// <summary>[R, in].</summary>
    internal PackedMatrix Down { get; }

    /// <summary>[out, R].</summary>
    internal PackedMatrix Up { get; }

    internal float Scale { get; }

    /// <summary>Null where no module of the part is adapted.</summary>
    internal static LowRank? Of(Adapter? adapter, IWeightSource weights, WeightPart part, int layer, NumberFormat format)
    {
        if (adapter?.Of(part, layer) is not { Count: > 0 } modules)
        {
            return null;
        }

        var (down, up, outDim) = LowRankLayout.Stacked(modules, weights.Of(part, layer));
        int rank = up.Length / outDim;
        return new LowRank(
            PackedMatrix.Pack(down, rank, down.Length / rank, format), PackedMatrix.Pack(up, outDim, rank, format), adapter.Config.Scale);
    }

    /// <summary><c>output += scale (input A^T) B^T</c>.</summary>
    /// <param name="input">Shape [rows, in].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="output">Shape [rows, out].</param>
    /// <param name="inner">Room for [rows, R].</param>
    internal void Add(ReadOnlySpan<float> input, int rows, Span<float> output, Span<float> inner)
    {
        var low = inner[..(rows * Down.OutDim)];
        Down.Multiply(input, rows, low, WorkerPool.Inline);
        Elementwise.Scale(low, Scale);
        Up.MultiplyAdd(low, rows, output, WorkerPool.Inline);
    }
}
