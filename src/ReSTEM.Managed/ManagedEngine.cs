using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Managed;

/// <summary>The engine that is written in C#: any processor, no other software, and the same bits everywhere.</summary>
public sealed class ManagedEngine(EngineOptions options) : IEngine
{
    /// <summary>Version of the arithmetic; raised whenever bits may change.</summary>
    private const string ArithmeticVersion = "1";

    /// <inheritdoc/>
    public EngineFingerprint Fingerprint => Identity;

    /// <inheritdoc/>
    public EngineCapabilities Capabilities { get; } = new(Training: true, Adapters: false, LogProbabilities: true);

    /// <inheritdoc/>
    public ITrainer Trainer { get; } = new ManagedTrainer(options);

    internal static EngineFingerprint Identity { get; } = new("managed", ArithmeticVersion, "float32", Deterministic: true);

    /// <inheritdoc/>
    public PolicyRef Resolve(string folder) => new(folder, ModelFolder.WeightsSha256(folder));

    /// <inheritdoc/>
    public ModelInfo Describe(PolicyRef policy) => ModelDescription.Of(policy.Folder);

    /// <inheritdoc/>
    public IPolicy Open(PolicyRef policy)
    {
        if (policy.Adapter is { } adapter)
        {
            throw new NotSupportedException($"{adapter.Folder} is an adapter, expected a whole model: the managed engine opens no adapters.");
        }

        IPolicy opened = Load(policy.Folder, options);
        try
        {
            policy.ThrowUnlessIs(opened.Fingerprint.WeightsSha256);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    internal static IPolicy Load(string folder, EngineOptions options)
    {
        ModelWeights weights = ModelFolder.Load(folder);
        return new ManagedPolicy(
            weights, ModelFolder.WeightsSha256(folder), ModelDescription.TokenizerOf(folder, weights.Config), options);
    }
}
