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
        sampler.Capabilities.LogProbabilities || trainer.Capabilities.LogProbabilities);

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

    /// <summary>A policy of the engine that samples; one that scores nothing has the one that trains score for it.</summary>
    public IPolicy Open(PolicyRef policy) => sampler.Capabilities.LogProbabilities ? sampler.Open(policy) : new ScoredPolicy(sampler.Open(policy), () => trainer.Open(policy));

    /// <summary>Draws with one policy and scores with another, which is opened when it is first asked.</summary>
    private sealed class ScoredPolicy(IPolicy drawing, Func<IPolicy> open) : IPolicy
    {
        private readonly Lazy<IPolicy> _scoring = new(open);

        public PolicyFingerprint Fingerprint => drawing.Fingerprint;

        public IAsyncEnumerable<Completion> SampleAsync(IEnumerable<SampleRequest> requests, CancellationToken cancellationToken) => drawing.SampleAsync(requests, cancellationToken);

        public IEnumerable<float[]> LogProbabilities(IEnumerable<IReadOnlyList<int>> sequences, CancellationToken cancellationToken) =>
            _scoring.Value.LogProbabilities(sequences, cancellationToken);

        public void Dispose()
        {
            drawing.Dispose();
            if (_scoring.IsValueCreated)
            {
                _scoring.Value.Dispose();
            }
        }
    }
}
