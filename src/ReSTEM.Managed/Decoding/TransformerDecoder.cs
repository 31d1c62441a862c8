using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>One token to compute: its sequence has room for it, all earlier positions are computed or come before it in the same call.</summary>
internal readonly record struct KvRow(int TokenId, int Position, KvSequence Sequence);

/// <summary>
/// The forward pass over rows of tokens from any mixture of sequences; the bits of a row do not depend on the other rows.
/// For one thread; each thread has its own decoder over the same weights.
/// </summary>
internal sealed class TransformerDecoder
{
    private readonly PackedModel _model;
    private readonly FloatBuffer _residual;
    private readonly FloatBuffer _normed;
    private readonly FloatBuffer _queryKeyValue;
    private readonly FloatBuffer _mixed;
    private readonly FloatBuffer _gateUp;
    private readonly FloatBuffer _activated;
    private readonly FloatBuffer _scores;

    internal TransformerDecoder(PackedModel model, int maxRows, int blockCount)
    {
        _model = model;
        MaxRows = maxRows;
        ModelConfig config = model.Config;
        Memory = new KvMemory(model, blockCount);
        _residual = new FloatBuffer(maxRows * config.ModelDim);
        _normed = new FloatBuffer(maxRows * config.ModelDim);
        _queryKeyValue = new FloatBuffer(maxRows * model.Attention.RowDim);
        _mixed = new FloatBuffer(maxRows * config.QueryDim);
        _gateUp = new FloatBuffer(maxRows * 2 * config.FeedForwardDim);
        _activated = new FloatBuffer(maxRows * config.FeedForwardDim);
        _scores = new FloatBuffer(DecodeAttention.ScratchLength(model.Attention, config.ContextLength));
    }

    internal PackedModel Model => _model;

    internal int MaxRows { get; }

    internal KvMemory Memory { get; }

    /// <summary>Computes the rows; <see cref="Logits"/> can then be asked for any of them until the next call.</summary>
    internal void Forward(ReadOnlySpan<KvRow> rows)
    {
        ModelConfig config = _model.Config;
        for (int row = 0; row < rows.Length; row++)
        {
            _model.Embedding.AsSpan(rows[row].TokenId * config.ModelDim, config.ModelDim).CopyTo(Row(_residual, row, config.ModelDim));
        }

        Span<float> residual = _residual.Slice(0, rows.Length * config.ModelDim);
        Span<float> normed = _normed.Slice(0, residual.Length);
        for (int layer = 0; layer < _model.Layers.Count; layer++)
        {
            PackedLayer weights = _model.Layers[layer];
            RmsNorm.Apply(residual, weights.AttentionNorm, config.NormEpsilon, normed);
            weights.QueryKeyValue.Multiply(
                normed, rows.Length, _queryKeyValue.Span, WorkerPool.Inline, weights.QueryKeyValueBias);
            Attend(rows, Memory.Layer(layer));
            weights.Output.MultiplyAdd(_mixed.Span, rows.Length, residual, WorkerPool.Inline);

            RmsNorm.Apply(residual, weights.FeedForwardNorm, config.NormEpsilon, normed);
            weights.GateUp.Multiply(normed, rows.Length, _gateUp.Span, WorkerPool.Inline);
            SwiGlu.Apply(
                _gateUp.Slice(0, rows.Length * 2 * config.FeedForwardDim), config.FeedForwardDim,
                _activated.Slice(0, rows.Length * config.FeedForwardDim));
            weights.Down.MultiplyAdd(_activated.Span, rows.Length, residual, WorkerPool.Inline);
        }
    }

    /// <summary>Logits of some rows of the last <see cref="Forward"/>.</summary>
    /// <param name="rows">Row numbers, at most <see cref="MaxRows"/>.</param>
    /// <param name="logits">Shape [rows, V].</param>
    internal void Logits(ReadOnlySpan<int> rows, Span<float> logits)
    {
        int dim = _model.Config.ModelDim;
        for (int index = 0; index < rows.Length; index++)
        {
            RmsNorm.Apply(
                Row(_residual, rows[index], dim), _model.FinalNorm, _model.Config.NormEpsilon, Row(_normed, index, dim));
        }

        _model.Head.Multiply(_normed.Span, rows.Length, logits, WorkerPool.Inline);
    }

    private static Span<float> Row(FloatBuffer buffer, int row, int dim) => buffer.Slice(row * dim, dim);

    private void Attend(ReadOnlySpan<KvRow> rows, KvBlocks cache)
    {
        AttentionShape shape = cache.Shape;
        int rotated = shape.QueryDim + (shape.KvHeads * shape.HeadDim); // query and key heads lie side by side
        for (int row = 0; row < rows.Length; row++)
        {
            int position = rows[row].Position;
            Span<float> heads = Row(_queryKeyValue, row, shape.RowDim);
            Rope.Rotate(heads[..rotated], _model.Rope.Cos(position), _model.Rope.Sin(position));
            cache.Write(heads, rows[row].Sequence.Blocks[position / KvBlocks.BlockLength], position % KvBlocks.BlockLength);
        }

        for (int row = 0; row < rows.Length; row++)
        {
            DecodeAttention.Apply(
                Row(_queryKeyValue, row, shape.RowDim), cache, rows[row].Sequence.Blocks, rows[row].Position + 1,
                _scores.Span, Row(_mixed, row, shape.QueryDim));
        }
    }
}
