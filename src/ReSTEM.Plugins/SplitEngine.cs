using ReSTEM.Core;

namespace ReSTEM.Plugins;

/// <summary>Samples with one engine and trains with another; candidates of a training are sampled by the one that trains them.</summary>
public sealed class SplitEngine(IEngine sampler, IEngine trainer) : IEngine
{
    /// <inheritdoc/>
    public EngineFingerprint Fingerprint { get; } = sampler.Fingerprint with
    {
        Shapes = $"{sampler.Fingerprint.Shapes}{(sampler.Fingerprint.Shapes.Length > 0 ? ", " : "")}trained by {trainer.Fingerprint.Describe()}",
        Deterministic = sampler.Fingerprint.Deterministic && trainer.Fingerprint.Deterministic,
    };

    /// <inheritdoc/>
    public EngineCapabilities Capabilities { get; } = new(
        trainer.Capabilities.Training,
        sampler.Capabilities.Adapters && trainer.Capabilities.Adapters,
        sampler.Capabilities.LogProbabilities);

    /// <inheritdoc/>
    public ITrainer Trainer => trainer.Trainer;

    /// <inheritdoc/>
    public PolicyRef Resolve(string folder) => sampler.Resolve(folder);

    /// <inheritdoc/>
    public ModelInfo Describe(PolicyRef policy) => sampler.Describe(policy);

    /// <summary>Of each engine its part; null where one of them cannot say.</summary>
    public MemoryEstimate? MemoryOf(PolicyRef policy, MemoryUse use)
    {
        MemoryEstimate? sampling = sampler.MemoryOf(policy, use with { Optimizer = null, Adapter = null, Validates = false });
        return sampling is null || trainer.MemoryOf(policy, use) is not { } training ? null : training with { Sampling = sampling.Sampling, Slots = sampling.Slots };
    }

    /// <inheritdoc/>
    public IPolicy Open(PolicyRef policy) => sampler.Open(policy);
}
