using ReSTEM.Core;
using ReSTEM.Managed;

namespace ReSTEM.StubEngine;

/// <summary>The managed engine under another name.</summary>
internal sealed class StubEngine(StubTraits traits, EngineSettings settings, EngineDevice device) : IEngine
{
    private readonly ManagedEngine _managed = new(new EngineOptions { Threads = settings.Threads, Slots = settings.Slots });

    /// <inheritdoc/>
    public EngineFingerprint Fingerprint { get; } = new(
        traits.Name, traits.Library, EngineSettings.NameOf(settings.Dtype), traits.Deterministic, device.Name == "cpu" ? "cpu" : device.Description);

    /// <inheritdoc/>
    public EngineCapabilities Capabilities => _managed.Capabilities;

    /// <inheritdoc/>
    public ITrainer Trainer => _managed.Trainer;

    /// <inheritdoc/>
    public PolicyRef Resolve(string folder) => _managed.Resolve(folder);

    /// <inheritdoc/>
    public ModelInfo Describe(PolicyRef policy)
    {
        ModelInfo model = _managed.Describe(policy);
        return traits.LackedFamily.Length == 0 || !model.Description.Contains(traits.LackedFamily, StringComparison.OrdinalIgnoreCase)
            ? model
            : throw new NotSupportedException($"{traits.Name} has no {traits.LackedFamily}, expected a family that it has.");
    }

    /// <inheritdoc/>
    public MemoryEstimate? MemoryOf(PolicyRef policy, MemoryUse use) => _managed.MemoryOf(policy, use);

    /// <inheritdoc/>
    public IPolicy Open(PolicyRef policy) => new StubPolicy(_managed.Open(policy), Fingerprint);

    private sealed class StubPolicy(IPolicy policy, EngineFingerprint engine) : IPolicy
    {
        public PolicyFingerprint Fingerprint => policy.Fingerprint with { Engine = engine };

        public IAsyncEnumerable<Completion> SampleAsync(IEnumerable<SampleRequest> requests, CancellationToken cancellationToken) =>
            policy.SampleAsync(requests, cancellationToken);

        public IEnumerable<float[]> LogProbabilities(IEnumerable<IReadOnlyList<int>> sequences, CancellationToken cancellationToken) =>
            policy.LogProbabilities(sequences, cancellationToken);

        public void Dispose() => policy.Dispose();
    }
}
