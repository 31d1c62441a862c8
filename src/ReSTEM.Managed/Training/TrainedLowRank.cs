using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>The adapters of one part of a layer under training, side by side as in <see cref="LowRank"/>.</summary>
/// <remarks>Hu et al. 2021, arXiv:2106.09685, section 4.1.</remarks>
internal sealed class TrainedLowRank(int outDim, int inDim, int rank, float scale, Stretch downPlace, Stretch upPlace, NumberFormat format)
{
    private readonly TwoWayMatrix _down = new(rank, inDim, format);
    private readonly TwoWayMatrix _up = new(outDim, rank, format);

    /// <summary>R of all modules together.</summary>
    internal int Rank => rank;

    /// <summary>A in the vector of what is trained, [R, in].</summary>
    internal Stretch DownPlace => downPlace;

    /// <summary>B, [out, R].</summary>
    internal Stretch UpPlace => upPlace;

    internal void Set(FloatBuffer values, WorkerPool pool)
    {
        _down.Set(values.Slice(downPlace.Start, downPlace.Length), pool);
        _up.Set(values.Slice(upPlace.Start, upPlace.Length), pool);
    }

    /// <summary><c>output += scale (input A^T) B^T</c>.</summary>
    internal void Add(FloatBuffer input, int count, Span<float> output, FloatBuffer inner, WorkerPool pool)
    {
        Project(input, count, inner, pool);
        _up.Forward.MultiplyAdd(inner.Span, count, output, pool);
    }

    /// <summary>Adds the gradients of A and B to that of all that is trained, and the input's to <paramref name="inputGradient"/>.</summary>
    internal void Backward(
        FloatBuffer outputGradient, FloatBuffer input, int count, FloatBuffer inputGradient, FloatBuffer inner, FloatBuffer gradient, WorkerPool pool)
    {
        Project(input, count, inner, pool);
        WeightGradient.Add(outputGradient.Span, inner.Span, count, gradient.Slice(upPlace.Start, upPlace.Length), outDim, rank, pool, format);
        _up.Backward.Multiply(outputGradient.Span, count, inner.Span, pool);
        Elementwise.Scale(inner.Slice(0, count * rank), scale);
        WeightGradient.Add(inner.Span, input.Span, count, gradient.Slice(downPlace.Start, downPlace.Length), rank, inDim, pool, format);
        _down.Backward.MultiplyAdd(inner.Span, count, inputGradient.Span, pool);
    }

    private void Project(FloatBuffer input, int count, FloatBuffer inner, WorkerPool pool)
    {
        _down.Forward.Multiply(input.Span, count, inner.Span, pool);
        Elementwise.Scale(inner.Slice(0, count * rank), scale);
    }
}
