using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>Samples with an engine and trains with another program.</summary>
public sealed class CommandTrainedEngine(IEngine sampler, TrainerCommand command, TrainerDescription description) : IEngine
{
    /// <inheritdoc/>
    public EngineFingerprint Fingerprint { get; } = sampler.Fingerprint with
    {
        Shapes = $"{sampler.Fingerprint.Shapes}{(sampler.Fingerprint.Shapes.Length > 0 ? ", " : "")}trained by command: {description.Fingerprint.Describe()}",
        Deterministic = sampler.Fingerprint.Deterministic && description.Deterministic,
    };

    /// <inheritdoc/>
    public EngineCapabilities Capabilities { get; } = new(
        Training: true, sampler.Capabilities.Adapters && description.Honours.Contains(TrainerDescription.Adapter), sampler.Capabilities.LogProbabilities);

    /// <inheritdoc/>
    public ITrainer Trainer { get; } = new CommandTrainer(command, description, sampler.Open);

    /// <inheritdoc/>
    public PolicyRef Resolve(string folder) => sampler.Resolve(folder);

    /// <inheritdoc/>
    public ModelInfo Describe(PolicyRef policy) => sampler.Describe(policy);

    /// <summary>Of sampling, and of what is written; the memory of the training is the other program's.</summary>
    public MemoryEstimate? MemoryOf(PolicyRef policy, MemoryUse use) => sampler.MemoryOf(policy, use) is { } needs ? needs with { Training = 0 } : null;

    /// <inheritdoc/>
    public IPolicy Open(PolicyRef policy) => sampler.Open(policy);
}
