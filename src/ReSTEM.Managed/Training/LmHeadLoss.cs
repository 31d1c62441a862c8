using ReSTEM.Engines;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>LM head and cross-entropy, for some predictions at a time, so that the logits of a whole batch never exist.</summary>
internal sealed class LmHeadLoss
{
    private const int LogitsPerChunk = 1 << 23;
    private const int MostRows = 1024;
    private const int LeastRows = 16;

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

    /// <summary>Predictions that are computed at once.</summary>
    internal static int ChunkRows(int vocabularySize) => Math.Clamp(LogitsPerChunk / vocabularySize, LeastRows, MostRows);

    /// <summary>Adds weight times cross-entropy of each prediction to the loss, in order.</summary>
    /// <param name="predictions">What counts; rows without one get the gradient 0 and cost nothing here.</param>
    /// <param name="normed">Output of the final norm, [T, D].</param>
    /// <param name="normedGradient">Receives its gradient, [T, D].</param>
    /// <param name="headGradient">The head's gradient, [V, D], is added here; empty where it is frozen.</param>
    /// <param name="loss">In nats.</param>
    internal void AddLossAndGradient(
        IReadOnlyList<Prediction> predictions, ReadOnlySpan<float> normed, Span<float> normedGradient,
        Span<float> headGradient, ref double loss)
    {
        normedGradient.Clear();
        for (int first = 0; first < predictions.Count; first += _chunkRows)
        {
            int count = Math.Min(_chunkRows, predictions.Count - first);
            for (int index = 0; index < count; index++)
            {
                normed.Slice(predictions[first + index].Row * _dim, _dim).CopyTo(_hidden.Slice(index * _dim, _dim));
            }

            RunChunk(predictions, first, count);
            if (headGradient.Length > 0)
            {
                WeightGradient.Add(_logits.Span, _hidden.Span, count, headGradient, _vocabulary, _dim, _pool, _head.Format);
            }

            for (int index = 0; index < count; index++)
            {
                var prediction = predictions[first + index];
                loss += (double)prediction.Weight * _losses[index];
                _hiddenGradient.Slice(index * _dim, _dim).CopyTo(normedGradient.Slice(prediction.Row * _dim, _dim));
            }
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
                _losses[index] = CrossEntropy.Backward(logits, prediction.Target, prediction.Weight, prediction.Smoothing);
                return;
            }

            SoftCap.Apply(logits, 1, _logitCap);
            float[] capped = logits.ToArray();
            _losses[index] = CrossEntropy.Backward(logits, prediction.Target, prediction.Weight, prediction.Smoothing);
            SoftCap.Backward(capped, _logitCap, logits);
        });
        _head.Backward.Multiply(_logits.Span, count, _hiddenGradient.Span, _pool);
    }
}
