using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>A low-rank adapter under AdamW, beside weights that stay as they are.</summary>
internal sealed class AdapterStepper : VectorStepper
{
    private readonly PolicyRef _base;
    private readonly bool _isMerged;
    private readonly EngineOptions _engine;
    private readonly AdapterVector _vector;

    private AdapterStepper(
        PolicyRef policy, bool isMerged, TrainedDecoder decoder, AdapterVector vector, OptimizerOptions optimizer, EngineOptions engine)
        : base(vector.Parameters, optimizer, new WorkerPool(engine.Threads))
    {
        (_base, _isMerged, _engine, _vector) = (policy, isMerged, engine, vector);
        ContextLength = decoder.Config.ContextLength;
        VocabularySize = decoder.Config.VocabularySize;
        vector.Read(Values);
        vector.TakeOver(Values, Pool);
        Pass = new DecoderPass(decoder, Pool, optimizer.Speed.RecomputeActivations);
    }

    public override int ContextLength { get; }

    public override int VocabularySize { get; }

    protected override DecoderPass Pass { get; }

    /// <summary>A new adapter, or the policy's own to go on with.</summary>
    internal static AdapterStepper Open(PolicyRef policy, AdapterJob job, OptimizerOptions optimizer, EngineOptions engine)
    {
        using var weights = ModelFolder.Open(policy.Folder);
        var adapter = policy.Adapter is { } before ? AdapterFolder.Read(before.Folder, weights.Config) : NewAdapter.Create(job, weights.Config);
        var decoder = TrainedDecoder.Frozen(weights, engine.Format);
        return new AdapterStepper(policy, job.Options.Merged, decoder, new AdapterVector(adapter, weights, decoder), optimizer, engine);
    }

    public override string Export(string folder) =>
        AdapterFolder.Save(folder, _vector.ToAdapter(Values), _base.Folder, _base.Sha256);

    public override IPolicy OpenPolicy()
    {
        var adapter = _vector.ToAdapter(Values);
        string sha256 = AdapterFolder.Sha256(adapter, _base.Sha256);
        var policy = new PolicyRef(_base.Folder, _base.Sha256, new AdapterRef("", sha256, _base.Sha256, _isMerged));
        using var weights = ModelFolder.Open(_base.Folder);
        return ManagedEngine.Open(weights, adapter, policy, ModelDescription.TokenizerOf(_base.Folder, weights.Config), _engine);
    }

    protected override void EndGradient(FloatBuffer gradient) => _vector.ClearOutside(gradient);

    protected override void TakeOverValues() => _vector.TakeOver(Values, Pool);
}
