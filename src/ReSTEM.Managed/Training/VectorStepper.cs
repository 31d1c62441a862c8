using System.Runtime.InteropServices;
using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>A vector of numbers under AdamW. The same bits for any thread count and any micro-batch.</summary>
internal abstract class VectorStepper : IStepper
{
    private const int NumbersAtOnce = 1 << 16;

    private readonly OptimizerOptions _options;
    private readonly Optimizer _optimizer;
    private readonly FloatBuffer _gradient;

    /// <param name="parameters">What the vector is made of; together they are all of it.</param>
    /// <param name="options">Of the optimizer.</param>
    /// <param name="pool">Shares the work; disposed with the stepper.</param>
    protected VectorStepper(IReadOnlyList<(Stretch Place, bool IsDecayed)> parameters, OptimizerOptions options, WorkerPool pool)
    {
        (_options, Pool) = (options, pool);
        _optimizer = new Optimizer(options, parameters, pool);
        Values = new FloatBuffer(_optimizer.FirstMoment.Length);
        _gradient = new FloatBuffer(Values.Length);
    }

    public abstract int ContextLength { get; }

    public abstract int VocabularySize { get; }

    /// <summary>What is trained.</summary>
    protected FloatBuffer Values { get; }

    protected WorkerPool Pool { get; }

    protected abstract DecoderPass Pass { get; }

    public StepResult Step(IReadOnlyList<WeightedSequence> sequences, int step, double learningRate)
    {
        _gradient.Span.Clear();
        LossSum loss = default;
        foreach (var batch in PackedBatch.Cut(sequences, _options.Speed.MicroBatchTokens))
        {
            Pass.AddLossAndGradient(batch, _gradient, ref loss);
        }

        EndGradient(_gradient);
        double norm = _optimizer.Step(Values, _gradient, step, learningRate);
        TakeOverValues();
        return new StepResult(loss.Plain, norm, loss.Mixed);
    }

    public void Snapshot(Stream target, SnapshotPart part)
    {
        foreach (var buffer in Buffers(part))
        {
            foreach (var (start, length) in Parts(buffer))
            {
                target.Write(MemoryMarshal.AsBytes(buffer.Slice(start, length)));
            }
        }
    }

    public void Restore(Stream source, SnapshotPart part)
    {
        foreach (var buffer in Buffers(part))
        {
            foreach (var (start, length) in Parts(buffer))
            {
                source.ReadExactly(MemoryMarshal.AsBytes(buffer.Slice(start, length)));
            }
        }

        TakeOverValues();
    }

    public abstract string Export(string folder);

    public abstract IPolicy OpenPolicy();

    public void Dispose() => Pool.Dispose();

    /// <summary>Completes the gradient of a step.</summary>
    protected abstract void EndGradient(FloatBuffer gradient);

    /// <summary>Lays values that have changed out anew.</summary>
    protected abstract void TakeOverValues();

    /// <summary>Streams that hash or encrypt copy what they are given, so they are not given all at once.</summary>
    private static IEnumerable<(int Start, int Length)> Parts(FloatBuffer buffer)
    {
        for (int start = 0; start < buffer.Length; start += NumbersAtOnce)
        {
            yield return (start, Math.Min(NumbersAtOnce, buffer.Length - start));
        }
    }

    private FloatBuffer[] Buffers(SnapshotPart part) =>
        part is SnapshotPart.Weights ? [Values] : [_optimizer.FirstMoment, _optimizer.SecondMoment];
}
