using ReSTEM.Engines;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>LM head and cross-entropy, for some predictions at a time, so that the logits of a whole batch never exist.</summary>
internal sealed class LmHeadLoss
{
    private const int LogitsPerChunk = 1 << 23;
    private const int MostRows = 1024;

    private readonly TwoWayMatrix _head;
    private readonly float _logitCap;
    private readonly WorkerPool _pool;
    private readonly int _dim;
    private readonly int _vocabulary;
    private readonly int _chunkRows;
    private readonly FloatBuffer _hidden;
    private readonly FloatBuffer _hiddenGradient;
    private readonly FloatBuffer _logits;
    private readonly float[] _losses;

    internal LmHeadLoss(TwoWayMatrix head, float logitCap, WorkerPool pool)
    {
        _logitCap = logitCap;
        _head = head;
        _pool = pool;
        _dim = head.Forward.InDim;
        _vocabulary = head.Forward.OutDim;
        _chunkRows = ChunkRows(_vocabulary);
        _hidden = new FloatBuffer(_chunkRows * _dim);
        _hiddenGradient = new FloatBuffer(_chunkRows * _dim);
        _logits = new FloatBuffer(checked(_chunkRows * _vocabulary));
        _losses = new float[_chunkRows];
    }

    /// <summary>Predictions that are computed at once: whole blocks of rows, as fewer would wait for the head's weights.</summary>
    internal static int ChunkRows(int vocabularySize) =>
        Math.Clamp(LogitsPerChunk / vocabularySize / PackedMatrix.RowsPerBlock * PackedMatrix.RowsPerBlock, PackedMatrix.RowsPerBlock, MostRows);

    /// <summary>Adds weight times cross-entropy of each prediction to the losses, in order.</summary>
    /// <param name="predictions">What counts; rows without one get the gradient 0 and cost nothing here.</param>
    /// <param name="normed">Output of the final norm, [T, D].</param>
    /// <param name="normedGradient">Receives its gradient, [T, D].</param>
    /// <param name="headGradient">The head's gradient, [V, D], is added here; empty where it is frozen.</param>
    /// <param name="loss">In nats.</param>
    internal void AddLossAndGradient(
        IReadOnlyList<Prediction> predictions, ReadOnlySpan<float> normed, Span<float> normedGradient,
        Span<float> headGradient, ref LossSum loss)
    {
        normedGradient.Clear();
        for (int first = 0; first < predictions.Count; first += _chunkRows)
        {
            int count = Math.Min(_chunkRows, predictions.Count - first);
            for (int index = 0; index < count; index++)
            {
                Gather(predictions[first + index], normed, _hidden.Slice(index * _dim, _dim));
            }

            RunChunk(predictions, first, count);
            if (headGradient.Length > 0)
            {
                WeightGradient.Add(_logits.Span, _hidden.Span, count, headGradient, _vocabulary, _dim, _pool, _head.Format);
            }

            for (int index = 0; index < count; index++)
            {
                var prediction = predictions[first + index];
                loss.Add(prediction, _losses[index]);
                Scatter(prediction, _hiddenGradient.Slice(index * _dim, _dim), normedGradient);
            }
        }
    }

    /// <summary>What goes into the head: a row, or a mixture of two.</summary>
    private void Gather(Prediction prediction, ReadOnlySpan<float> normed, Span<float> hidden)
    {
        normed.Slice(prediction.Row * _dim, _dim).CopyTo(hidden);
        if (prediction.Other is not { Share: < 1 } other)
        {
            return;
        }

        var second = normed.Slice(other.Row * _dim, _dim);
        for (int index = 0; index < hidden.Length; index++)
        {
            hidden[index] = (other.Share * hidden[index]) + ((1 - other.Share) * second[index]);
        }
    }

    /// <summary>Adds the gradient of what went in to that of its rows: a prediction of its own comes first for each row, mixtures after it.</summary>
    private void Scatter(Prediction prediction, ReadOnlySpan<float> gradient, Span<float> normedGradient)
    {
        var first = normedGradient.Slice(prediction.Row * _dim, _dim);
        if (prediction.Other is not { } other)
        {
            gradient.CopyTo(first);
            return;
        }

        var second = normedGradient.Slice(other.Row * _dim, _dim);
        for (int index = 0; index < gradient.Length; index++)
        {
            first[index] += other.Share * gradient[index];
            second[index] += (1 - other.Share) * gradient[index];
        }
    }

    private void RunChunk(IReadOnlyList<Prediction> predictions, int first, int count)
    {
        _head.Forward.Multiply(_hidden.Span, count, _logits.Span, _pool);
        _pool.For(count, index =>
        {
            var prediction = predictions[first + index];
            var logits = _logits.Slice(index * _vocabulary, _vocabulary);
            if (_logitCap == 0)
            {
                _losses[index] = Loss(prediction, logits);
                return;
            }

            SoftCap.Apply(logits, 1, _logitCap);
            float[] capped = logits.ToArray();
            _losses[index] = Loss(prediction, logits);
            SoftCap.Backward(capped, _logitCap, logits);
        });
        _head.Backward.Multiply(_logits.Span, count, _hiddenGradient.Span, _pool);
    }

    private static float Loss(Prediction prediction, Span<float> logits) => prediction.Other is { } other
        ? CrossEntropy.Backward(logits, prediction.Target, other.Target, other.TargetShare, prediction.Weight, prediction.Smoothing)
        : CrossEntropy.Backward(logits, prediction.Target, prediction.Weight, prediction.Smoothing);
}
