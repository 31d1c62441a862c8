using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>A model under AdamW on a device: all its weights, or an adapter beside weights that stay as they are.</summary>
internal sealed class TorchStepper : IStepper
{
    private readonly PolicyRef _base;
    private readonly TorchSettings _settings;
    private readonly OptimizerOptions _optimizer;
    private readonly bool _isMerged;
    private readonly TorchWeights _weights;
    private readonly TorchAdapter? _adapter;
    private readonly Rotations _rotations;
    private readonly TrainedTensors _trained;
    private readonly List<Tensor> _masks = [];
    private readonly DecoderPass _pass;

    /// <summary>Takes over the weights and the adapter.</summary>
    private TorchStepper(
        PolicyRef policy, bool isMerged, TorchWeights weights, TorchAdapter? adapter, OptimizerOptions optimizer, TorchSettings settings)
    {
        (_base, _isMerged, _weights, _adapter, _optimizer, _settings) = (policy, isMerged, weights, adapter, optimizer, settings);
        _rotations = new Rotations(weights.Config, settings.Device);
        TrainedTensor[] trained = [.. adapter is null
            ? weights.Parts.Select(static part => new TrainedTensor(part.requires_grad_()))
            : adapter.Pairs.SelectMany(Trained)];
        _trained = new TrainedTensors(trained, optimizer);
        var decoder = new TorchDecoder(weights, settings.Type, adapter);
        _pass = new DecoderPass(decoder, _rotations, isFrozen: adapter is not null, optimizer.Speed.RecomputeActivations);
    }

    public int ContextLength => _weights.Config.ContextLength;

    public int VocabularySize => _weights.Config.VocabularySize;

    /// <summary>All weights, a new adapter, or the policy's own adapter to go on with.</summary>
    internal static TorchStepper Open(PolicyRef policy, OptimizerOptions optimizer, AdapterJob? job, TorchSettings settings)
    {
        using var stored = ModelFolder.Open(policy.Folder);
        if (job is null)
        {
            return new TorchStepper(policy, isMerged: false, new TorchWeights(stored, settings.Device, float32), null, optimizer, settings);
        }

        var adapter = policy.Adapter is { } before ? AdapterFolder.Read(before.Folder, stored.Config) : NewAdapter.Create(job, stored.Config);
        return new TorchStepper(
            policy, job.Options.Merged, new TorchWeights(stored, settings.Device, settings.Type),
            new TorchAdapter(adapter, stored, settings.Device, float32), optimizer, settings);
    }

    public StepResult Step(IReadOnlyList<WeightedSequence> sequences, int step, double learningRate) =>
        TorchThread.Run(_settings.Threads, () => StepThere(sequences, step, learningRate));

    private StepResult StepThere(IReadOnlyList<WeightedSequence> sequences, int step, double learningRate)
    {
        using var scope = NewDisposeScope();
        _trained.ClearGradients();
        double loss = 0, mixed = 0;
        foreach (var batch in PackedBatch.Cut(sequences, _optimizer.Speed.MicroBatchTokens))
        {
            var (plain, ofMixtures) = _pass.AddLossAndGradient(batch);
            (loss, mixed) = (loss + plain, mixed + ofMixtures);
        }

        return new StepResult(loss, _trained.Step(step, learningRate), mixed);
    }

    public void Snapshot(Stream target, SnapshotPart part) =>
        TorchThread.Run(_settings.Threads, () => TensorStream.Write(target, Tensors(part)));

    public void Restore(Stream source, SnapshotPart part) =>
        TorchThread.Run(_settings.Threads, () => TensorStream.Read(source, Tensors(part)));

    public string Export(string folder) => _adapter is null
        ? ModelFolder.SaveTrained(folder, _weights.AsSource(), _base.Folder)
        : AdapterFolder.Save(folder, _adapter.ToAdapter(), _base.Folder, _base.Sha256);

    public IPolicy OpenPolicy()
    {
        if (_adapter is null)
        {
            var weights = _weights.AsSource();
            return TorchEngine.Open(weights, null, SafetensorsWriter.Sha256(weights), Tokenizer(), _settings);
        }

        using var stored = ModelFolder.Open(_base.Folder);
        var adapter = _adapter.ToAdapter();
        var policy = new PolicyRef(
            _base.Folder, _base.Sha256, new AdapterRef("", AdapterFolder.Sha256(adapter, _base.Sha256), _base.Sha256, _isMerged));
        return _isMerged
            ? TorchEngine.Open(new MergedWeights(stored, adapter), null, ReSTEM.Engines.OpenPolicy.Digest(policy), Tokenizer(), _settings)
            : TorchEngine.Open(stored, adapter, ReSTEM.Engines.OpenPolicy.Digest(policy), Tokenizer(), _settings);
    }

    public void Dispose()
    {
        _trained.Dispose();
        _masks.ForEach(static mask => mask.Dispose());
        _rotations.Dispose();
        _adapter?.Dispose();
        _weights.Dispose();
    }

    private ITokenizer? Tokenizer() => ModelDescription.TokenizerOf(_base.Folder, _weights.Config);

    private IEnumerable<Tensor> Tensors(SnapshotPart part) => part is SnapshotPart.Weights ? _trained.Values : _trained.Moments;

    private IEnumerable<TrainedTensor> Trained(LowRankPair pair)
    {
        yield return new TrainedTensor(pair.Down.requires_grad_());
        float[] inside = new float[pair.Up.numel()];
        inside.AsSpan().Fill(1);
        LowRankLayout.ClearOutside(pair.Modules, pair.Places, inside);
        var mask = Array.TrueForAll(inside, static value => value == 1) ? null : tensor(inside, pair.Up.shape).to(_settings.Device).DetachFromDisposeScope();
        if (mask is not null)
        {
            _masks.Add(mask);
        }

        yield return new TrainedTensor(pair.Up.requires_grad_(), mask);
    }
}

/// <summary>Opens Hugging Face folders for training on this engine.</summary>
internal sealed class TorchStepperSource(TorchSettings settings) : IStepperSource
{
    public EngineFingerprint Fingerprint => settings.Fingerprint;

    public string WeightsSha256(string folder) => PolicyFolder.WeightsSha256(folder);

    public IStepper Open(PolicyRef policy, OptimizerOptions optimizer, AdapterJob? adapter)
    {
        PolicyFolder.ThrowUnlessTrainable(policy, adapter);
        return TorchThread.Run(settings.Threads, () => TorchStepper.Open(policy, optimizer, adapter, settings));
    }
}
