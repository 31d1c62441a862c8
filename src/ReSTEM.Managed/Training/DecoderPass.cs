using ReSTEM.Engines;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>Loss and gradient of a decoder over packed sequences.</summary>
/// <remarks>
/// Every result is a chain in token order that goes on from the pass before, so the sums over several batches have the bits of
/// one batch with all their sequences, on any thread count.
/// </remarks>
internal sealed class DecoderPass
{
    private const int TokensPerItem = 16;
    private const int NumbersPerItem = 1 << 14;

    private readonly TrainedDecoder _decoder;
    private readonly ModelConfig _config;
    private readonly WorkerPool _pool;
    private readonly LmHeadLoss _head;
    private readonly NormPass _norms;
    private readonly FloatBuffer _tableGradient; // of a tied embedding as input table, apart from the head so that each is one chain
    private readonly bool _recomputes;
    private Activations _memory;

    /// <param name="decoder">The weights.</param>
    /// <param name="pool">Shares the work.</param>
    /// <param name="recomputes">Whether layers are computed again in the backward pass, for less memory and the same bits.</param>
    internal DecoderPass(TrainedDecoder decoder, WorkerPool pool, bool recomputes)
    {
        _decoder = decoder;
        _config = decoder.Config;
        _pool = pool;
        _recomputes = recomputes;
        _head = new LmHeadLoss(decoder.Head, _config.LogitCap, pool);
        _norms = new NormPass(_config, pool);
        _memory = NewMemory(1);
        _tableGradient = new FloatBuffer(_config.TiedEmbeddings && !decoder.IsFrozen ? decoder.EmbeddingPlace.Length : 0);
    }

    /// <summary>Adds the weighted negative log-likelihood of a batch to the loss, and its gradient to the gradient.</summary>
    /// <param name="batch">Sequences.</param>
    /// <param name="gradient">Of all that is trained.</param>
    /// <param name="loss">In nats; each prediction times its weight.</param>
    internal void AddLossAndGradient(PackedBatch batch, FloatBuffer gradient, ref LossSum loss)
    {
        if (_memory.Capacity < batch.TokenCount)
        {
            _memory = NewMemory(batch.TokenCount);
        }

        var pass = new Rows(batch.Ids, batch.Positions, batch.Starts);
        Forward(pass);
        int count = pass.Count, dim = _config.ModelDim;
        _head.AddLossAndGradient(
            batch.Predictions, _memory.Normed.Slice(0, count * dim), _memory.NormedGradient.Slice(0, count * dim), _decoder.IsFrozen ? [] : Part(gradient, _decoder.HeadPlace),
            ref loss);
        Backward(pass, gradient);
    }

    /// <summary>
    /// Ends the gradient of a step: a tied embedding is used twice, and the gradient of its use as input table is added here.
    /// </summary>
    internal void MergeEmbeddingGradient(FloatBuffer gradient)
    {
        int first = _decoder.EmbeddingPlace.Start;
        _pool.ForRanges(_tableGradient.Length, NumbersPerItem, (start, end) =>
        {
            var table = _tableGradient.Slice(start, end - start);
            Elementwise.Add(gradient.Slice(first + start, end - start), table);
            table.Clear();
        });
    }

    private void Forward(Rows rows)
    {
        Embed(rows, _memory.Residual[0].Slice(0, rows.Count * _config.ModelDim));
        for (int layer = 0; layer < _config.LayerCount; layer++)
        {
            var kept = _memory.Of(layer);
            ForwardToMiddle(rows, layer, kept);
            ForwardToGate(rows.Count, layer, kept);
            var weights = _decoder.Layers[layer];
            Activate(kept, rows.Count);
            AddBranch(weights.Down, _memory.Activated, weights.AfterFeedForwardNorm, rows.Count, kept.Middle, kept.FeedForwardBranch, _memory.Residual[layer + 1]);
        }

        _norms.Apply(_decoder.FinalNorm, _memory.Residual[^1], rows.Count, _memory.Normed);
    }

    private void Embed(Rows rows, Span<float> output)
    {
        int dim = _config.ModelDim;
        float scale = ModelShapes.EmbeddingScale(_config);
        for (int t = 0; t < rows.Count; t++)
        {
            var row = output.Slice(t * dim, dim);
            _decoder.CopyEmbedding(rows.Ids[t], row);
            if (scale != 1)
            {
                Elementwise.Scale(row, scale);
            }

            if (_config.Family.HasLearnedPositions)
            {
                Elementwise.Add(row, _decoder.Position(rows.Positions[t]));
            }
        }
    }

    /// <summary>The attention, up to the residual stream behind it.</summary>
    private void ForwardToMiddle(Rows rows, int layer, LayerActivations kept)
    {
        var weights = _decoder.Layers[layer];
        var input = _memory.Residual[layer];
        Multiply(weights.QueryKeyValue, Normed(weights.AttentionNorm, input, rows.Count), rows.Count, kept.Projected);
        if (weights.QueryNorm.Exists)
        {
            kept.Projected.Slice(0, rows.Count * weights.Attention.RowDim).CopyTo(kept.QueryKeyValue.Span);
            _norms.ApplyToHeads(weights, kept.QueryKeyValue, rows.Count);
        }

        Rotate(weights, kept.QueryKeyValue, rows, back: false);
        RoundKeysAndValues(weights.Attention, kept.QueryKeyValue, rows.Count);
        CausalAttention.Forward(kept.QueryKeyValue.Span, weights.Attention, rows.Starts, kept.Heads.Span, _pool);
        AddBranch(weights.Output, kept.Heads, weights.AfterAttentionNorm, rows.Count, input, kept.AttentionBranch, kept.Middle);
    }

    private void ForwardToGate(int count, int layer, LayerActivations kept)
    {
        var weights = _decoder.Layers[layer];
        Multiply(weights.GateUp, Normed(weights.FeedForwardNorm, kept.Middle, count), count, kept.GateUp);
    }

    /// <summary>The residual stream plus what a part adds to it, normalised where the layer has a norm after it.</summary>
    private void AddBranch(
        TrainedProjection projection, FloatBuffer input, TrainedNorm after, int count, FloatBuffer residual, FloatBuffer branch, FloatBuffer output)
    {
        var sum = output.Slice(0, count * _config.ModelDim);
        residual.Slice(0, sum.Length).CopyTo(sum);
        if (after.Exists)
        {
            Multiply(projection, input, count, branch);
            _norms.Apply(after, branch, count, _memory.Normed);
            Elementwise.Add(sum, _memory.Normed.Slice(0, sum.Length));
            return;
        }

        for (int start = 0; projection.Bias.Length > 0 && start < sum.Length; start += projection.Bias.Length)
        {
            Elementwise.Add(sum.Slice(start, projection.Bias.Length), projection.Bias);
        }

        projection.Matrix.Forward.MultiplyAdd(input.Span, count, sum, _pool);
        projection.Adapter?.Add(input, count, sum, _memory.LowRank, _pool);
    }

    private void Backward(Rows rows, FloatBuffer gradient)
    {
        int count = rows.Count, dim = _config.ModelDim;
        var residualGradient = _memory.ResidualGradient.Slice(0, count * dim);
        residualGradient.Clear();
        _norms.Backward(_decoder.FinalNorm, _memory.Residual[^1], count, _memory.NormedGradient, _memory.ResidualGradient, _memory.Scales, Weights(gradient));
        for (int layer = _config.LayerCount - 1; layer >= 0; layer--)
        {
            var kept = _memory.Of(layer);
            if (_recomputes && layer < _config.LayerCount - 1)
            {
                ForwardToMiddle(rows, layer, kept);
                ForwardToGate(count, layer, kept);
                RecomputeBranch(layer, kept, count);
            }

            FeedForwardBackward(count, layer, kept, gradient);
            AttentionBackward(rows, layer, kept, gradient);
        }

        if (_decoder.IsFrozen)
        {
            return;
        }

        if (ModelShapes.EmbeddingScale(_config) is var scale and not 1)
        {
            Elementwise.Scale(residualGradient, scale);
        }

        Embedding.ScatterAdd(
            residualGradient, rows.Ids, _config.TiedEmbeddings ? _tableGradient.Span : Part(gradient, _decoder.EmbeddingPlace), dim);
        if (_decoder.PositionsPlace is { Length: > 0 } positions)
        {
            Embedding.ScatterAdd(residualGradient, rows.Positions, Part(gradient, positions), dim);
        }
    }

    /// <summary>What the feed-forward layer added, where a norm after it needs it.</summary>
    private void RecomputeBranch(int layer, LayerActivations kept, int count)
    {
        var weights = _decoder.Layers[layer];
        if (weights.AfterFeedForwardNorm.Exists)
        {
            Activate(kept, count);
            Multiply(weights.Down, _memory.Activated, count, kept.FeedForwardBranch);
        }
    }

    private void FeedForwardBackward(int count, int layer, LayerActivations kept, FloatBuffer gradient)
    {
        var weights = _decoder.Layers[layer];
        var dy = BranchGradient(weights.AfterFeedForwardNorm, kept.FeedForwardBranch, count, gradient);
        Activate(kept, count);
        ProjectionBackward(weights.Down, dy, _memory.Activated, count, _memory.ActivatedGradient, gradient);
        int inner = _config.FeedForwardDim, gateUp = _config.GateUpDim;
        _pool.ForRanges(count, TokensPerItem, (start, end) => ModelShapes.ActivateBackward(
            _config, Range(kept.GateUp, start, end, gateUp), Range(_memory.ActivatedGradient, start, end, inner),
            Range(_memory.GateUpGradient, start, end, gateUp)));
        var normed = Normed(weights.FeedForwardNorm, kept.Middle, count);
        ProjectionBackward(weights.GateUp, _memory.GateUpGradient, normed, count, _memory.NormedGradient, gradient);
        AddToResidual(weights.FeedForwardNorm, kept.Middle, count, gradient);
    }

    private void AttentionBackward(Rows rows, int layer, LayerActivations kept, FloatBuffer gradient)
    {
        int count = rows.Count;
        var weights = _decoder.Layers[layer];
        var dy = BranchGradient(weights.AfterAttentionNorm, kept.AttentionBranch, count, gradient);
        ProjectionBackward(weights.Output, dy, kept.Heads, count, _memory.HeadsGradient, gradient);
        CausalAttentionGradient.Backward(
            kept.QueryKeyValue.Span, weights.Attention, rows.Starts, kept.Heads.Span, _memory.HeadsGradient.Span,
            _memory.QueryKeyValueGradient.Span, _pool);
        Rotate(weights, _memory.QueryKeyValueGradient, rows, back: true);
        if (weights.QueryNorm.Exists)
        {
            _norms.HeadsBackward(weights, kept.Projected, count, _memory, Weights(gradient));
        }

        var input = _memory.Residual[layer];
        var normed = Normed(weights.AttentionNorm, input, count);
        ProjectionBackward(weights.QueryKeyValue, _memory.QueryKeyValueGradient, normed, count, _memory.NormedGradient, gradient);
        AddToResidual(weights.AttentionNorm, input, count, gradient);
    }

    /// <summary>The gradient of what a part added: that of the residual stream, through the norm between them where there is one.</summary>
    private FloatBuffer BranchGradient(TrainedNorm after, FloatBuffer branch, int count, FloatBuffer gradient)
    {
        if (!after.Exists)
        {
            return _memory.ResidualGradient;
        }

        _memory.BranchGradient.Slice(0, count * _config.ModelDim).Clear();
        _norms.Backward(after, branch, count, _memory.ResidualGradient, _memory.BranchGradient, _memory.Scales, Weights(gradient));
        return _memory.BranchGradient;
    }

    /// <summary>Adds the gradient of a projection's weights, and writes that of its input.</summary>
    private void ProjectionBackward(
        TrainedProjection projection, FloatBuffer outputGradient, FloatBuffer input, int count, FloatBuffer inputGradient, FloatBuffer gradient)
    {
        var matrix = projection.Matrix.Forward;
        if (!_decoder.IsFrozen)
        {
            WeightGradient.Add(
                outputGradient.Span, input.Span, count, Part(gradient, projection.WeightPlace), matrix.OutDim, matrix.InDim, _pool,
                _decoder.Format);
            if (projection.BiasPlace.Length > 0)
            {
                RmsNormGradient.AddBias(outputGradient.Slice(0, count * matrix.OutDim), Part(gradient, projection.BiasPlace), 0, matrix.OutDim);
            }
        }

        projection.Matrix.Backward.Multiply(outputGradient.Span, count, inputGradient.Span, _pool);
        projection.Adapter?.Backward(outputGradient, input, count, inputGradient, _memory.LowRank, gradient, _pool);
    }

    /// <summary>Adds the gradient of a part's input to that of the residual stream, through the norm between them where there is one.</summary>
    private void AddToResidual(TrainedNorm norm, FloatBuffer input, int count, FloatBuffer gradient)
    {
        if (norm.Exists)
        {
            _norms.Backward(norm, input, count, _memory.NormedGradient, _memory.ResidualGradient, _memory.Scales, Weights(gradient));
        }
        else
        {
            int length = count * _config.ModelDim;
            Elementwise.Add(_memory.ResidualGradient.Slice(0, length), _memory.NormedGradient.Slice(0, length));
        }
    }

    /// <summary>The residual stream as a part sees it.</summary>
    private FloatBuffer Normed(TrainedNorm norm, FloatBuffer input, int count)
    {
        if (!norm.Exists)
        {
            return input;
        }

        _norms.Apply(norm, input, count, _memory.Normed);
        return _memory.Normed;
    }

    private void Multiply(TrainedProjection projection, FloatBuffer input, int count, FloatBuffer output)
    {
        projection.Matrix.Forward.Multiply(input.Span, count, output.Span, _pool, projection.Bias);
        projection.Adapter?.Add(input, count, output.Span, _memory.LowRank, _pool);
    }

    private Activations NewMemory(int tokens) => new(_config, tokens, _recomputes, _decoder.MaxRank);

    /// <summary>The gradient for the weights' parts; null where they are frozen.</summary>
    private FloatBuffer? Weights(FloatBuffer gradient) => _decoder.IsFrozen ? null : gradient;

    private void Activate(LayerActivations kept, int count) => _pool.ForRanges(count, TokensPerItem, (start, end) =>
        ModelShapes.Activate(
            _config, Range(kept.GateUp, start, end, _config.GateUpDim), Range(_memory.Activated, start, end, _config.FeedForwardDim)));

    private void Rotate(TrainedLayer weights, FloatBuffer rows, Rows at, bool back)
    {
        if (weights.Rope is not { } rope)
        {
            return;
        }

        var shape = weights.Attention;
        _pool.ForRanges(at.Count, TokensPerItem, (start, end) =>
        {
            for (int t = start; t < end; t++)
            {
                var heads = rows.Slice(t * shape.RowDim, shape.QueryDim + (shape.KvHeads * shape.HeadDim));
                if (back)
                {
                    Rope.RotateBack(heads, rope.Cos(at.Positions[t]), rope.Sin(at.Positions[t]), shape.HeadDim);
                }
                else
                {
                    Rope.Rotate(heads, rope.Cos(at.Positions[t]), rope.Sin(at.Positions[t]), shape.HeadDim);
                }
            }
        });
    }

    /// <summary>As a sampler keeps them; the gradient goes through as if they were not rounded.</summary>
    private void RoundKeysAndValues(AttentionShape shape, FloatBuffer rows, int count)
    {
        if (_decoder.Format is NumberFormat.Float32)
        {
            return;
        }

        _pool.ForRanges(count, TokensPerItem, (start, end) =>
        {
            for (int t = start; t < end; t++)
            {
                var keysAndValues = rows.Slice((t * shape.RowDim) + shape.QueryDim, shape.RowDim - shape.QueryDim);
                BfloatRounding.Round(keysAndValues, keysAndValues);
            }
        });
    }

    private static Span<float> Part(FloatBuffer vector, Stretch place) => vector.Slice(place.Start, place.Length);

    private static Span<float> Range(FloatBuffer buffer, int start, int end, int width) =>
        buffer.Slice(start * width, (end - start) * width);
}

/// <summary>The tokens of a pass.</summary>
/// <param name="Ids">Token ids, [T].</param>
/// <param name="Positions">Position of each in its sequence, [T].</param>
/// <param name="Starts">First row of each sequence, then T.</param>
internal sealed record Rows(int[] Ids, int[] Positions, int[] Starts)
{
    internal int Count => Ids.Length;
}
