using System.Runtime.InteropServices;
using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>All weights of a decoder under AdamW. The same bits for any thread count and any micro-batch.</summary>
internal sealed class ManagedStepper : IStepper
{
    private readonly string _baseFolder;
    private readonly OptimizerOptions _optimizerOptions;
    private readonly EngineOptions _engine;
    private readonly WorkerPool _pool;
    private readonly ParameterLayout _layout;
    private readonly FloatBuffer _values;
    private readonly FloatBuffer _gradient;
    private readonly Optimizer _optimizer;
    private readonly DecoderPass _pass;

    internal ManagedStepper(string baseFolder, OptimizerOptions optimizer, EngineOptions engine)
    {
        (_baseFolder, _optimizerOptions, _engine) = (baseFolder, optimizer, engine);
        using var weights = ModelFolder.Open(baseFolder);
        _layout = new ParameterLayout(weights.Config);
        _values = new FloatBuffer(_layout.Length);
        _layout.Read(weights, _values.Span);
        _gradient = new FloatBuffer(_layout.Length);
        _pool = new WorkerPool(engine.Threads);
        _optimizer = new Optimizer(optimizer, _layout, _pool);
        _pass = new DecoderPass(_layout, _values, _pool, optimizer.Speed.RecomputeActivations);
    }

    public int ContextLength => _layout.Config.ContextLength;

    public int VocabularySize => _layout.Config.VocabularySize;

    public StepResult Step(IReadOnlyList<WeightedSequence> sequences, int step, double learningRate)
    {
        _gradient.Span.Clear();
        double loss = 0;
        foreach (var batch in PackedBatch.Cut(sequences, _optimizerOptions.Speed.MicroBatchTokens))
        {
            _pass.AddLossAndGradient(batch, _gradient, ref loss);
        }

        _pass.MergeEmbeddingGradient(_gradient);
        double norm = _optimizer.Step(_values, _gradient, step, learningRate);
        _pass.SetWeights();
        return new StepResult(loss, norm);
    }

    public void Snapshot(Stream target, SnapshotPart part)
    {
        foreach (var buffer in Buffers(part))
        {
            target.Write(MemoryMarshal.AsBytes(buffer.Span));
        }
    }

    public void Restore(Stream source, SnapshotPart part)
    {
        foreach (var buffer in Buffers(part))
        {
            source.ReadExactly(MemoryMarshal.AsBytes(buffer.Span));
        }

        _pass.SetWeights();
    }

    public string Export(string folder) => ModelFolder.SaveTrained(folder, Weights(), _baseFolder);

    public IPolicy OpenPolicy()
    {
        var weights = Weights();
        var tokenizer = ModelDescription.TokenizerOf(_baseFolder, _layout.Config);
        return ManagedEngine.Open(weights, SafetensorsWriter.Sha256(weights.Tensors), tokenizer, _engine);
    }

    public void Dispose() => _pool.Dispose();

    private ModelWeights Weights() => _layout.ToWeights(_values.Span);

    private FloatBuffer[] Buffers(SnapshotPart part) =>
        part is SnapshotPart.Weights ? [_values] : [_values, _optimizer.FirstMoment, _optimizer.SecondMoment];
}
