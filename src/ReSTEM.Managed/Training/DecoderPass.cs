using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>Loss and gradient of a Llama or Qwen2 decoder over packed sequences.</summary>
/// <remarks>
/// Every result is a chain in token order that goes on from the pass before, so the sums over several batches have the bits of
/// one batch with all their sequences, on any thread count.
/// </remarks>
internal sealed class DecoderPass
{
    private const int TokensPerItem = 16;
    private const int NumbersPerItem = 1 << 14;

    private readonly ParameterLayout _layout;
    private readonly ModelConfig _config;
    private readonly FloatBuffer _values;
    private readonly WorkerPool _pool;
    private readonly AttentionShape _shape;
    private readonly RopeTable _rope;
    private readonly TrainedDecoder _packed;
    private readonly LmHeadLoss _head;
    private readonly FloatBuffer _tableGradient; // of a tied embedding as input table, apart from the head so that each is one chain
    private Activations _memory;

    /// <param name="layout">Places of the weights.</param>
    /// <param name="values">The weights; call <see cref="SetWeights"/> after a change.</param>
    /// <param name="pool">Shares the work.</param>
    internal DecoderPass(ParameterLayout layout, FloatBuffer values, WorkerPool pool)
    {
        _layout = layout;
        _config = layout.Config;
        _values = values;
        _pool = pool;
        _shape = new AttentionShape(_config.HeadCount, _config.KvHeadCount, _config.HeadDim);
        _rope = ModelRope.Table(_config);
        _packed = new TrainedDecoder(layout);
        _head = new LmHeadLoss(_packed.Head, pool);
        _memory = new Activations(_config, 1);
        _tableGradient = new FloatBuffer(_config.TiedEmbeddings ? layout.Embedding.Length : 0);
        SetWeights();
    }

    /// <summary>Takes over weights that have changed.</summary>
    internal void SetWeights() => _packed.Set(_values, _pool);

    /// <summary>Adds the weighted negative log-likelihood of a batch to the loss, and its gradient to the gradient.</summary>
    /// <param name="batch">Sequences.</param>
    /// <param name="gradient">Of all weights, in the layout's order.</param>
    /// <param name="loss">In nats; each prediction times its weight.</param>
    internal void AddLossAndGradient(PackedBatch batch, FloatBuffer gradient, ref double loss)
    {
        if (_memory.Capacity < batch.TokenCount)
        {
            _memory = new Activations(_config, batch.TokenCount);
        }

        var pass = new Rows(batch.Ids, batch.Positions, batch.Starts);
        Forward(pass);
        int count = pass.Ids.Length;
        var normGradient = Rows(_memory.NormedGradient, count, _config.ModelDim);
        _head.AddLossAndGradient(
            batch.Predictions, Rows(_memory.Normed, count, _config.ModelDim), normGradient, Part(gradient, _layout.Head), ref loss);
        Backward(pass, gradient);
    }

    /// <summary>
    /// Ends the gradient of a step: a tied embedding is used twice, and the gradient of its use as input table is added here.
    /// </summary>
    internal void MergeEmbeddingGradient(FloatBuffer gradient)
    {
        int length = _tableGradient.Length;
        _pool.ForRanges(length, NumbersPerItem, (start, end) =>
        {
            var table = _tableGradient.Slice(start, end - start);
            Elementwise.Add(gradient.Slice(_layout.Embedding.Start + start, end - start), table);
            table.Clear();
        });
    }

    private void Forward(Rows rows)
    {
        Embedding.Gather(Part(_values, _layout.Embedding), rows.Ids, Rows(_memory.Layers[0].Input, rows.Count, _config.ModelDim), _config.ModelDim);
        for (int layer = 0; layer < _config.LayerCount; layer++)
        {
            var output = layer + 1 < _config.LayerCount ? _memory.Layers[layer + 1].Input : _memory.Final;
            ForwardLayer(rows, _layout.Layers[layer], _packed.Layers[layer], _memory.Layers[layer], output);
        }

        Norm(_memory.Final, _layout.FinalNorm, rows.Count);
    }

    private void ForwardLayer(Rows rows, LayerLayout layout, TrainedLayer packed, LayerActivations kept, FloatBuffer output)
    {
        int count = rows.Count, dim = _config.ModelDim;
        Norm(kept.Input, layout.AttentionNorm, count);
        packed.QueryKeyValue.Forward.Multiply(
            _memory.Normed.Span, count, kept.QueryKeyValue.Span, _pool, Part(_values, layout.QueryKeyValueBias));
        Rotate(kept.QueryKeyValue, rows, back: false);
        CausalAttention.Forward(kept.QueryKeyValue.Span, _shape, rows.Starts, kept.Heads.Span, _pool);
        Rows(kept.Input, count, dim).CopyTo(kept.Middle.Span);
        packed.Output.Forward.MultiplyAdd(kept.Heads.Span, count, kept.Middle.Span, _pool);
        Norm(kept.Middle, layout.FeedForwardNorm, count);
        packed.GateUp.Forward.Multiply(_memory.Normed.Span, count, kept.GateUp.Span, _pool);
        Gate(kept, count);
        Rows(kept.Middle, count, dim).CopyTo(output.Span);
        packed.Down.Forward.MultiplyAdd(_memory.Activated.Span, count, output.Span, _pool);
    }

    private void Backward(Rows rows, FloatBuffer gradient)
    {
        int count = rows.Count, dim = _config.ModelDim;
        Rows(_memory.ResidualGradient, count, dim).Clear();
        NormBackward(_memory.Final, _layout.FinalNorm, count, gradient);
        for (int layer = _config.LayerCount - 1; layer >= 0; layer--)
        {
            FeedForwardBackward(count, _layout.Layers[layer], _packed.Layers[layer], _memory.Layers[layer], gradient);
            AttentionBackward(rows, _layout.Layers[layer], _packed.Layers[layer], _memory.Layers[layer], gradient);
        }

        Embedding.ScatterAdd(
            Rows(_memory.ResidualGradient, count, dim), rows.Ids,
            _config.TiedEmbeddings ? _tableGradient.Span : Part(gradient, _layout.Embedding), dim);
    }

    private void FeedForwardBackward(
        int count, LayerLayout layout, TrainedLayer packed, LayerActivations kept, FloatBuffer gradient)
    {
        int dim = _config.ModelDim, feedForward = _config.FeedForwardDim;
        var dy = _memory.ResidualGradient;
        Gate(kept, count);
        WeightGradient.Add(dy.Span, _memory.Activated.Span, count, Part(gradient, layout.Down), dim, feedForward, _pool);
        packed.Down.Backward.Multiply(dy.Span, count, _memory.ActivatedGradient.Span, _pool);
        _pool.ForRanges(count, TokensPerItem, (start, end) => SwiGlu.Backward(
            Range(kept.GateUp, start, end, 2 * feedForward), feedForward,
            Range(_memory.ActivatedGradient, start, end, feedForward),
            Range(_memory.GateUpGradient, start, end, 2 * feedForward)));
        Norm(kept.Middle, layout.FeedForwardNorm, count);
        WeightGradient.Add(
            _memory.GateUpGradient.Span, _memory.Normed.Span, count, Part(gradient, layout.GateUp), 2 * feedForward, dim, _pool);
        packed.GateUp.Backward.Multiply(_memory.GateUpGradient.Span, count, _memory.NormedGradient.Span, _pool);
        NormBackward(kept.Middle, layout.FeedForwardNorm, count, gradient);
    }

    private void AttentionBackward(
        Rows rows, LayerLayout layout, TrainedLayer packed, LayerActivations kept, FloatBuffer gradient)
    {
        int count = rows.Count, dim = _config.ModelDim;
        var dy = _memory.ResidualGradient;
        WeightGradient.Add(dy.Span, kept.Heads.Span, count, Part(gradient, layout.Output), dim, _config.QueryDim, _pool);
        packed.Output.Backward.Multiply(dy.Span, count, _memory.HeadsGradient.Span, _pool);
        CausalAttentionGradient.Backward(
            kept.QueryKeyValue.Span, _shape, rows.Starts, kept.Heads.Span, _memory.HeadsGradient.Span,
            _memory.QueryKeyValueGradient.Span, _pool);
        Rotate(_memory.QueryKeyValueGradient, rows, back: true);
        if (layout.QueryKeyValueBias.Length > 0)
        {
            RmsNormGradient.AddBias(
                Rows(_memory.QueryKeyValueGradient, count, _shape.RowDim), Part(gradient, layout.QueryKeyValueBias), 0, _shape.RowDim);
        }

        Norm(kept.Input, layout.AttentionNorm, count);
        WeightGradient.Add(
            _memory.QueryKeyValueGradient.Span, _memory.Normed.Span, count, Part(gradient, layout.QueryKeyValue),
            _shape.RowDim, dim, _pool);
        packed.QueryKeyValue.Backward.Multiply(_memory.QueryKeyValueGradient.Span, count, _memory.NormedGradient.Span, _pool);
        NormBackward(kept.Input, layout.AttentionNorm, count, gradient);
    }

    private void Norm(FloatBuffer input, Stretch gain, int count) => _pool.ForRanges(count, TokensPerItem, (start, end) =>
        RmsNorm.Apply(
            Range(input, start, end, _config.ModelDim), Part(_values, gain), _config.NormEpsilon,
            Range(_memory.Normed, start, end, _config.ModelDim)));

    private void Gate(LayerActivations kept, int count) => _pool.ForRanges(count, TokensPerItem, (start, end) =>
        SwiGlu.Apply(
            Range(kept.GateUp, start, end, 2 * _config.FeedForwardDim), _config.FeedForwardDim,
            Range(_memory.Activated, start, end, _config.FeedForwardDim)));

    /// <summary>Adds the gradient of the norm's input to the residual gradient, and that of its gain to the gradient.</summary>
    private void NormBackward(FloatBuffer input, Stretch gain, int count, FloatBuffer gradient)
    {
        int dim = _config.ModelDim;
        _pool.ForRanges(count, TokensPerItem, (start, end) => RmsNormGradient.AddInput(
            Range(input, start, end, dim), Part(_values, gain), _config.NormEpsilon,
            Range(_memory.NormedGradient, start, end, dim), Range(_memory.ResidualGradient, start, end, dim),
            Range(_memory.Scales, start, end, 1)));
        _pool.ForRanges(dim, TokensPerItem, (start, end) => RmsNormGradient.AddWeight(
            Rows(input, count, dim), Rows(_memory.Scales, count, 1), Rows(_memory.NormedGradient, count, dim),
            Part(gradient, gain), start, end));
    }

    private void Rotate(FloatBuffer rows, Rows at, bool back) => _pool.ForRanges(at.Count, TokensPerItem, (start, end) =>
    {
        for (int t = start; t < end; t++)
        {
            var heads = rows.Slice(t * _shape.RowDim, _shape.QueryDim + (_shape.KvHeads * _shape.HeadDim));
            if (back)
            {
                Rope.RotateBack(heads, _rope.Cos(at.Positions[t]), _rope.Sin(at.Positions[t]));
            }
            else
            {
                Rope.Rotate(heads, _rope.Cos(at.Positions[t]), _rope.Sin(at.Positions[t]));
            }
        }
    });

    private static Span<float> Part(FloatBuffer vector, Stretch place) => vector.Slice(place.Start, place.Length);

    private static Span<float> Rows(FloatBuffer buffer, int count, int width) => buffer.Slice(0, count * width);

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
