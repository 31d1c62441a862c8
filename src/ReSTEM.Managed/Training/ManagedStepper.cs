using ReSTEM.Core;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>All weights of a decoder under AdamW.</summary>
internal sealed class ManagedStepper : VectorStepper
{
    private readonly string _baseFolder;
    private readonly EngineOptions _engine;
    private readonly ParameterLayout _layout;
    private readonly TrainedDecoder _decoder;

    private ManagedStepper(string baseFolder, ParameterLayout layout, IWeightSource weights, OptimizerOptions optimizer, EngineOptions engine)
        : base([.. layout.Parameters.Select(static parameter => (parameter.Place, parameter.IsDecayed))], optimizer, new WorkerPool(engine.Threads))
    {
        (_baseFolder, _engine, _layout) = (baseFolder, engine, layout);
        layout.Read(weights, Values.Span);
        _decoder = TrainedDecoder.Of(layout, Values, Pool, engine.Format);
        Pass = new DecoderPass(_decoder, Pool, optimizer.Speed.RecomputeActivations);
    }

    public override int ContextLength => _layout.Config.ContextLength;

    public override int VocabularySize => _layout.Config.VocabularySize;

    protected override DecoderPass Pass { get; }

    internal static ManagedStepper Open(string baseFolder, OptimizerOptions optimizer, EngineOptions engine)
    {
        using var weights = ModelFolder.Open(baseFolder);
        return new ManagedStepper(baseFolder, new ParameterLayout(weights.Config), weights, optimizer, engine);
    }

    public override string Export(string folder) => ModelFolder.SaveTrained(folder, _layout.Over(Values), _baseFolder);

    public override IPolicy OpenPolicy()
    {
        var weights = _layout.Over(Values);
        var tokenizer = ModelDescription.TokenizerOf(_baseFolder, _layout.Config);
        return ManagedEngine.Open(weights, SafetensorsWriter.Sha256(weights), tokenizer, _engine);
    }

    protected override void EndGradient(FloatBuffer gradient) => Pass.MergeEmbeddingGradient(gradient);

    protected override void TakeOverValues() => _decoder.SetWeights(Pool);
}
