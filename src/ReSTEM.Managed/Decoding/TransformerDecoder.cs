using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>One token to compute: its sequence has room for it, all earlier positions are computed or come before it in the same call.</summary>
internal readonly record struct KvRow(int TokenId, int Position, KvSequence Sequence);

/// <summary>
/// The forward pass over rows of tokens from any mixture of sequences; the bits of a row do not depend on the other rows.
/// For one thread; each thread has its own decoder over the same weights.
/// </summary>
internal sealed class TransformerDecoder : IDisposable
{
    private readonly PackedModel _model;
    private readonly FloatBuffer _residual;
    private readonly FloatBuffer _normed;
    private readonly FloatBuffer _queryKeyValue;
    private readonly FloatBuffer _mixed;
    private readonly FloatBuffer _gateUp;
    private readonly FloatBuffer _activated;
    private readonly FloatBuffer _branch;
    private readonly FloatBuffer _lowRank;
    private readonly FloatBuffer _scores;
    private readonly AttendingRow[] _attending;

    internal TransformerDecoder(PackedModel model, int maxRows, int blockCount)
    {
        _model = model;
        MaxRows = maxRows;
        ModelConfig config = model.Config;
        var attention = model.Layers[0].Attention;
        Memory = new KvMemory(model, blockCount);
        _residual = new FloatBuffer(maxRows * config.ModelDim);
        _normed = new FloatBuffer(maxRows * config.ModelDim);
        _queryKeyValue = new FloatBuffer(maxRows * attention.RowDim);
        _mixed = new FloatBuffer(maxRows * config.QueryDim);
        _gateUp = new FloatBuffer(maxRows * config.GateUpDim);
        _activated = new FloatBuffer(maxRows * config.FeedForwardDim);
        _branch = new FloatBuffer(config.Family.NormPlacement is NormPlacement.Before ? 0 : maxRows * config.ModelDim);
        _lowRank = new FloatBuffer(maxRows * model.MaxRank);
        _scores = new FloatBuffer(DecodeAttention.ScratchLength(attention, config.ContextLength));
        _attending = new AttendingRow[maxRows];
    }

    /// <summary>Gives its memory back for the next decoder of this process.</summary>
    public void Dispose()
    {
        Memory.Dispose();
        Array.ForEach([_residual, _normed, _queryKeyValue, _mixed, _gateUp, _activated, _branch, _lowRank, _scores], static buffer => buffer.GiveBack());
    }

    internal PackedModel Model => _model;

    internal int MaxRows { get; }

    internal KvMemory Memory { get; }

    /// <summary>Computes the rows; <see cref="Logits"/> can then be asked for any of them until the next call.</summary>
    internal void Forward(ReadOnlySpan<KvRow> rows)
    {
        ModelConfig config = _model.Config;
        Embed(rows);
        Span<float> residual = _residual.Slice(0, rows.Length * config.ModelDim);
        for (int layer = 0; layer < _model.Layers.Count; layer++)
        {
            PackedLayer weights = _model.Layers[layer];
            Multiply(weights.QueryKeyValue, Normed(residual, weights.AttentionNorm), rows.Length, _queryKeyValue.Span);
            Attend(rows, weights, Memory.Layer(layer));
            AddBranch(weights.Output, _mixed.Span, weights.AfterAttentionNorm, rows.Length, residual);

            Multiply(weights.GateUp, Normed(residual, weights.FeedForwardNorm), rows.Length, _gateUp.Span);
            ModelShapes.Activate(
                config, _gateUp.Slice(0, rows.Length * config.GateUpDim), _activated.Slice(0, rows.Length * config.FeedForwardDim));
            AddBranch(weights.Down, _activated.Span, weights.AfterFeedForwardNorm, rows.Length, residual);
        }
    }

    /// <summary>Logits of some rows of the last <see cref="Forward"/>.</summary>
    /// <param name="rows">Row numbers, at most <see cref="MaxRows"/>.</param>
    /// <param name="logits">Shape [rows, V].</param>
    internal void Logits(ReadOnlySpan<int> rows, Span<float> logits)
    {
        var config = _model.Config;
        for (int index = 0; index < rows.Length; index++)
        {
            HiddenState(rows[index], Row(_normed, index, config.ModelDim));
        }

        _model.Head.Multiply(_normed.Span, rows.Length, logits, WorkerPool.Inline);
        if (config.LogitCap != 0)
        {
            SoftCap.Apply(logits[..(rows.Length * config.VocabularySize)], 1, config.LogitCap);
        }
    }

    /// <summary>The last hidden state of a row of the last <see cref="Forward"/>: what the LM head reads.</summary>
    /// <param name="row">Row number.</param>
    /// <param name="state">Shape [D].</param>
    internal void HiddenState(int row, Span<float> state) => ModelShapes.Norm(
        _model.Config, Row(_residual, row, _model.Config.ModelDim), _model.FinalNorm.Gain, _model.FinalNorm.Bias, state);

    private static Span<float> Row(FloatBuffer buffer, int row, int dim) => buffer.Slice(row * dim, dim);

    private void Multiply(PackedProjection projection, ReadOnlySpan<float> input, int rows, Span<float> output)
    {
        projection.Matrix.Multiply(input, rows, output, WorkerPool.Inline, projection.Bias);
        projection.Adapter?.Add(input, rows, output, _lowRank.Span);
    }

    private void Embed(ReadOnlySpan<KvRow> rows)
    {
        int dim = _model.Config.ModelDim;
        float scale = ModelShapes.EmbeddingScale(_model.Config);
        for (int row = 0; row < rows.Length; row++)
        {
            var values = Row(_residual, row, dim);
            _model.CopyEmbedding(rows[row].TokenId, values);
            if (scale != 1)
            {
                Elementwise.Scale(values, scale);
            }

            if (_model.Positions.Length > 0)
            {
                Elementwise.Add(values, _model.Positions.AsSpan(rows[row].Position * dim, dim));
            }
        }
    }

    /// <summary>The residual stream, normalised where the layer has a norm before its part.</summary>
    private ReadOnlySpan<float> Normed(ReadOnlySpan<float> residual, PackedNorm norm)
    {
        if (!norm.Exists)
        {
            return residual;
        }

        Span<float> normed = _normed.Slice(0, residual.Length);
        ModelShapes.Norm(_model.Config, residual, norm.Gain, norm.Bias, normed);
        return normed;
    }

    /// <summary>Adds a part's projection to the residual stream, normalised where the layer has a norm after it.</summary>
    private void AddBranch(PackedProjection projection, ReadOnlySpan<float> input, PackedNorm after, int rows, Span<float> residual)
    {
        if (!after.Exists)
        {
            AddToRows(projection.Bias, residual);
            projection.Matrix.MultiplyAdd(input, rows, residual, WorkerPool.Inline);
            projection.Adapter?.Add(input, rows, residual, _lowRank.Span);
            return;
        }

        Span<float> branch = _branch.Slice(0, residual.Length);
        Multiply(projection, input, rows, branch);
        ModelShapes.Norm(_model.Config, branch, after.Gain, after.Bias, branch);
        Elementwise.Add(residual, branch);
    }

    private static void AddToRows(float[] bias, Span<float> rows)
    {
        for (int start = 0; bias.Length > 0 && start < rows.Length; start += bias.Length)
        {
            Elementwise.Add(rows.Slice(start, bias.Length), bias);
        }
    }

    private void Attend(ReadOnlySpan<KvRow> rows, PackedLayer weights, KvBlocks cache)
    {
        AttentionShape shape = cache.Shape;
        int keysEnd = shape.QueryDim + (shape.KvHeads * shape.HeadDim); // query and key heads lie side by side
        for (int row = 0; row < rows.Length; row++)
        {
            int position = rows[row].Position;
            Span<float> heads = Row(_queryKeyValue, row, shape.RowDim);
            if (weights.QueryNorm.Length > 0)
            {
                Span<float> queries = heads[..shape.QueryDim], keys = heads[shape.QueryDim..keysEnd];
                RmsNorm.Apply(queries, weights.QueryNorm, _model.Config.NormEpsilon, queries);
                RmsNorm.Apply(keys, weights.KeyNorm, _model.Config.NormEpsilon, keys);
            }

            if (weights.Rope is { } rope)
            {
                Rope.Rotate(heads[..keysEnd], rope.Cos(position), rope.Sin(position), shape.HeadDim);
            }

            cache.Write(heads, rows[row].Sequence.Blocks.Span[position / KvBlocks.BlockLength], position % KvBlocks.BlockLength);
        }

        for (int row = 0, end; row < rows.Length; row = end)
        {
            end = EndOfSequence(rows, row);
            if (end - row > 1)
            {
                PromptAttention.Apply(
                    Range(_queryKeyValue, row, end, shape.RowDim), cache, rows[row].Sequence.Blocks.Span, rows[row].Position,
                    Range(_mixed, row, end, shape.QueryDim));
                continue;
            }

            end = EndOfRelatives(rows, row);
            SharedAttention.Apply(
                Range(_queryKeyValue, row, end, shape.RowDim), cache, Attending(rows[row..end]), _scores.Span,
                Range(_mixed, row, end, shape.QueryDim));
        }
    }

    /// <summary>The end of consecutive positions of one sequence.</summary>
    private static int EndOfSequence(ReadOnlySpan<KvRow> rows, int start)
    {
        int end = start + 1;
        while (end < rows.Length && rows[end].Sequence == rows[start].Sequence && rows[end].Position == rows[end - 1].Position + 1)
        {
            end++;
        }

        return end;
    }

    /// <summary>The end of single rows of sequences that begin with the same block.</summary>
    private static int EndOfRelatives(ReadOnlySpan<KvRow> rows, int start)
    {
        int first = rows[start].Sequence.Blocks.Span[0], end = start + 1;
        while (end < rows.Length && rows[end].Sequence.Blocks.Span[0] == first && EndOfSequence(rows, end) == end + 1)
        {
            end++;
        }

        return end;
    }

    private ReadOnlySpan<AttendingRow> Attending(ReadOnlySpan<KvRow> rows)
    {
        for (int row = 0; row < rows.Length; row++)
        {
            _attending[row] = new AttendingRow(rows[row].Sequence.Blocks, rows[row].Position + 1);
        }

        return _attending.AsSpan(0, rows.Length);
    }

    private static Span<float> Range(FloatBuffer buffer, int start, int end, int dim) => buffer.Slice(start * dim, (end - start) * dim);
}
