using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;

namespace ReSTEM.Torch;

/// <summary>Models on libtorch: on the processor, or on a card with CUDA.</summary>
internal sealed class TorchEngine(TorchSettings settings) : IEngine
{
    public EngineFingerprint Fingerprint => settings.Fingerprint;

    public EngineCapabilities Capabilities { get; } = new(Training: true, Adapters: true, LogProbabilities: true);

    public ITrainer Trainer { get; } = new CourseTrainer(new TorchStepperSource(settings));

    public PolicyRef Resolve(string folder) => PolicyFolder.Resolve(folder);

    public ModelInfo Describe(PolicyRef policy) => ModelDescription.Of(policy.Folder);

    public MemoryEstimate? MemoryOf(PolicyRef policy, MemoryUse use)
    {
        PolicyFolder.ThrowUnlessSameShape(policy, use.Adapter);
        return new TorchMemoryModel(ModelConfigReader.Read(policy.Folder), settings).Of(use);
    }

    public IPolicy Open(PolicyRef policy)
    {
        using var opened = PolicyFolder.Open(policy);
        return Open(opened.Weights, opened.Adapter, opened.Sha256, opened.Tokenizer, settings);
    }

    /// <summary>Opens a model in memory as a policy.</summary>
    /// <param name="weights">Copied to the device; not kept.</param>
    /// <param name="adapter">Computed beside the weights; null for none.</param>
    /// <param name="sha256">For the fingerprint.</param>
    /// <param name="tokenizer">Null for a model that is used with token ids only.</param>
    /// <param name="settings">How to use the device.</param>
    internal static IPolicy Open(IWeightSource weights, Adapter? adapter, string sha256, ITokenizer? tokenizer, TorchSettings settings) =>
        new DecoderPolicy(new TorchModel(weights, adapter, new PolicyFingerprint(sha256, settings.Fingerprint), settings), tokenizer);
}
