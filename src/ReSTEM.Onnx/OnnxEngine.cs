using Microsoft.ML.OnnxRuntime;
using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;

namespace ReSTEM.Onnx;

/// <summary>The engine that samples on ONNX Runtime; another one trains.</summary>
internal sealed class OnnxEngine : IEngine
{
    /// <summary>Version of the graph; raised whenever its bits may change.</summary>
    private const string GraphVersion = "1";

    private readonly EngineSettings _settings;
    private readonly OnnxDevice _device;
    private readonly EngineDevice _known;

    internal OnnxEngine(string name, EngineSettings settings, OnnxDevice device, EngineDevice known)
    {
        (_settings, _device, _known) = (settings, device, known);
        Fingerprint = new EngineFingerprint(
            name, $"{OrtEnv.Instance().GetVersionString()}+{GraphVersion}", EngineSettings.NameOf(settings.Dtype), Deterministic: !device.IsCard,
            device.IsCard ? $"cuda {known.Description}" : "cpu");
    }

    public EngineFingerprint Fingerprint { get; }

    public EngineCapabilities Capabilities { get; } = new(Training: false, Adapters: true, LogProbabilities: true);

    public ITrainer Trainer => throw new NotSupportedException(
        $"The engine {Fingerprint.Name} samples and does not train; set engine.train to an engine that does, for example managed or torch-cpu.");

    public PolicyRef Resolve(string folder) => PolicyFolder.Resolve(folder);

    public ModelInfo Describe(PolicyRef policy) => ModelDescription.Of(policy.Folder);

    public MemoryEstimate? MemoryOf(PolicyRef policy, MemoryUse use)
    {
        var config = ModelConfigReader.Read(policy.Folder);
        return new OnnxMemory(config, _settings, Layout(config)).Of(use);
    }

    public IPolicy Open(PolicyRef policy)
    {
        using var opened = PolicyFolder.Open(policy);
        return Open(opened.Weights, opened.Adapter, opened.Sha256, opened.Tokenizer);
    }

    /// <summary>Opens weights as a policy.</summary>
    /// <param name="weights">Those in files stay there and must not change while the policy is open; others are copied.</param>
    /// <param name="adapter">Computed beside them; null for none.</param>
    /// <param name="sha256">For the fingerprint.</param>
    /// <param name="tokenizer">Null for a model that is used with token ids only.</param>
    internal IPolicy Open(IWeightSource weights, Adapter? adapter, string sha256, ITokenizer? tokenizer) =>
        new DecoderPolicy(OpenModel(weights, adapter, sha256), tokenizer);

    /// <summary>As <see cref="Open(IWeightSource, Adapter?, string, ITokenizer?)"/>, before it is a policy.</summary>
    internal OnnxModel OpenModel(IWeightSource weights, Adapter? adapter, string sha256)
    {
        int bits = _settings.Dtype switch
        {
            EngineDtype.Int8 => 8,
            EngineDtype.Int4 => 4,
            _ => 0,
        };
        var source = new GraphSource(weights, adapter, OnnxTypes.Activation(_settings.Dtype), bits);
        return new OnnxModel(source, _device, Layout(weights.Config), new PolicyFingerprint(sha256, Fingerprint));
    }

    private KvLayout Layout(ModelConfig config)
    {
        var type = OnnxTypes.Activation(_settings.Dtype);
        int slots = _settings.Slots ?? OnnxModel.DefaultSlots;
        return _device.IsCard
            ? KvLayout.OnCard(config, type, slots, OnnxMemory.CardBytes(config, _settings.Dtype, slots, _known.FreeBytes))
            : KvLayout.OnProcessor(config, type, slots, _known.MemoryBytes / 4);
    }
}
