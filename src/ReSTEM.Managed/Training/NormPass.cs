using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>Norms of rows and of heads, forward and backward, shared out to the threads.</summary>
internal sealed class NormPass(ModelConfig config, WorkerPool pool)
{
    private const int RowsPerItem = 16;

    /// <summary>Writes the normed rows, [T, D].</summary>
    internal void Apply(TrainedNorm norm, FloatBuffer input, int count, FloatBuffer output) => pool.ForRanges(count, RowsPerItem, (start, end) =>
        ModelShapes.Norm(
            config, Range(input, start, end, config.ModelDim), norm.Gain, norm.Bias, Range(output, start, end, config.ModelDim)));

    /// <summary>Adds the gradient of the norm's input to a gradient, and that of its gain and bias to the weights' gradient.</summary>
    /// <param name="norm">Which.</param>
    /// <param name="input">Its input, [T, D].</param>
    /// <param name="count">T.</param>
    /// <param name="outputGradient">dy, [T, D].</param>
    /// <param name="inputGradient">dx is added here, [T, D].</param>
    /// <param name="scales">Room for T numbers.</param>
    /// <param name="gradient">Of all weights; null where they are frozen.</param>
    internal void Backward(
        TrainedNorm norm, FloatBuffer input, int count, FloatBuffer outputGradient, FloatBuffer inputGradient, FloatBuffer scales,
        FloatBuffer? gradient)
    {
        int dim = config.ModelDim;
        if (config.Family.Norm is NormKind.Rms)
        {
            RmsBackward(norm, dim, input, count, outputGradient, inputGradient, scales, gradient);
            return;
        }

        pool.ForRanges(count, RowsPerItem, (start, end) => LayerNormGradient.AddInput(
            Range(input, start, end, dim), norm.Gain, config.NormEpsilon, Range(outputGradient, start, end, dim),
            Range(inputGradient, start, end, dim)));
        if (gradient is null)
        {
            return;
        }

        pool.ForRanges(dim, RowsPerItem, (start, end) => LayerNormGradient.AddWeight(
            Range(input, 0, count, dim), config.NormEpsilon, Range(outputGradient, 0, count, dim), Part(gradient, norm.GainPlace), start, end));
        RmsNormGradient.AddBias(Range(outputGradient, 0, count, dim), Part(gradient, norm.BiasPlace), 0, dim);
    }

    /// <summary>Normalises queries and keys in their rows, [T, (H + 2 K) * Hd].</summary>
    internal void ApplyToHeads(TrainedLayer layer, FloatBuffer rows, int count)
    {
        var shape = layer.Attention;
        int keyDim = shape.KvHeads * shape.HeadDim;
        pool.ForRanges(count, RowsPerItem, (start, end) =>
        {
            for (int t = start; t < end; t++)
            {
                var row = rows.Slice(t * shape.RowDim, shape.RowDim);
                Span<float> queries = row[..shape.QueryDim], keys = row.Slice(shape.QueryDim, keyDim);
                RmsNorm.Apply(queries, layer.QueryNorm.Gain, config.NormEpsilon, queries);
                RmsNorm.Apply(keys, layer.KeyNorm.Gain, config.NormEpsilon, keys);
            }
        });
    }

    /// <summary>Turns the gradient of normed queries and keys into that of what was projected.</summary>
    internal void HeadsBackward(TrainedLayer layer, FloatBuffer projected, int count, Activations memory, FloatBuffer? gradient)
    {
        var shape = layer.Attention;
        HeadsBackward(layer.QueryNorm, 0, shape.QueryDim, shape.RowDim, projected, count, memory, gradient);
        HeadsBackward(layer.KeyNorm, shape.QueryDim, shape.KvHeads * shape.HeadDim, shape.RowDim, projected, count, memory, gradient);
    }

    private void HeadsBackward(
        TrainedNorm norm, int start, int width, int rowDim, FloatBuffer projected, int count, Activations memory, FloatBuffer? gradient)
    {
        for (int t = 0; t < count; t++)
        {
            projected.Slice((t * rowDim) + start, width).CopyTo(memory.NormInput.Slice(t * width, width));
            memory.QueryKeyValueGradient.Slice((t * rowDim) + start, width).CopyTo(memory.NormOutputGradient.Slice(t * width, width));
        }

        int dim = norm.Gain.Length;
        memory.NormInputGradient.Slice(0, count * width).Clear();
        RmsBackward(
            norm, dim, memory.NormInput, count * (width / dim), memory.NormOutputGradient, memory.NormInputGradient, memory.Scales, gradient);
        for (int t = 0; t < count; t++)
        {
            memory.NormInputGradient.Slice(t * width, width).CopyTo(memory.QueryKeyValueGradient.Slice((t * rowDim) + start, width));
        }
    }

    private void RmsBackward(
        TrainedNorm norm, int dim, FloatBuffer input, int rows, FloatBuffer outputGradient, FloatBuffer inputGradient, FloatBuffer scales,
        FloatBuffer? gradient)
    {
        pool.ForRanges(rows, RowsPerItem, (start, end) => RmsNormGradient.AddInput(
            Range(input, start, end, dim), norm.Gain, config.NormEpsilon, Range(outputGradient, start, end, dim),
            Range(inputGradient, start, end, dim), Range(scales, start, end, 1)));
        if (gradient is null)
        {
            return;
        }

        pool.ForRanges(dim, RowsPerItem, (start, end) => RmsNormGradient.AddWeight(
            Range(input, 0, rows, dim), Range(scales, 0, rows, 1), Range(outputGradient, 0, rows, dim), Part(gradient, norm.GainPlace), start, end));
    }

    private static Span<float> Part(FloatBuffer vector, Stretch place) => vector.Slice(place.Start, place.Length);

    private static Span<float> Range(FloatBuffer buffer, int start, int end, int width) =>
        buffer.Slice(start * width, (end - start) * width);
}
