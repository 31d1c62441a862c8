using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;

namespace ReSTEM.Managed;

/// <summary>The engine that needs nothing but .NET: any processor, and the same bits everywhere.</summary>
/// <param name="options">How to use the machine.</param>
public sealed class ManagedEngine(EngineOptions options) : IEngine
{
    /// <inheritdoc/>
    public EngineFingerprint Fingerprint => Identity;

    /// <inheritdoc/>
    public EngineCapabilities Capabilities { get; } = new(Training: true, Adapters: false, LogProbabilities: true);

    /// <inheritdoc/>
    public ITrainer Trainer { get; } = new CourseTrainer(new ManagedStepperSource(options));

    /// <summary>The version is that of the arithmetic of sampling and training; raised whenever bits may change.</summary>
    internal static EngineFingerprint Identity { get; } = new("managed", Version: "1", Dtype: "float32", Deterministic: true);

    /// <inheritdoc/>
    public PolicyRef Resolve(string folder)
    {
        ModelConfigReader.Read(folder); // a folder that holds no model is told as that
        return new PolicyRef(folder, ModelFolder.WeightsSha256(folder));
    }

    /// <inheritdoc/>
    public ModelInfo Describe(PolicyRef policy) => ModelDescription.Of(policy.Folder);

    /// <inheritdoc/>
    public IPolicy Open(PolicyRef policy)
    {
        RefuseAdapter(policy);
        using var weights = ModelFolder.Open(policy.Folder);
        policy.ThrowUnlessIs(ModelFolder.WeightsSha256(policy.Folder));
        return Open(weights, policy.Sha256, ModelDescription.TokenizerOf(policy.Folder, weights.Config), options);
    }

    /// <summary>
    /// Opens a model in memory as a policy. The same request gives the same bits whatever the threads, the slots and the other
    /// requests.
    /// </summary>
    /// <param name="weights">Laid out anew; not kept.</param>
    /// <param name="weightsSha256">For the fingerprint.</param>
    /// <param name="tokenizer">Null for a model that is used with token ids only.</param>
    /// <param name="options">How to use the machine.</param>
    public static IPolicy Open(IWeightSource weights, string weightsSha256, ITokenizer? tokenizer, EngineOptions options) =>
        new DecoderPolicy(new ManagedModel(weights, weightsSha256, options), tokenizer);

    /// <exception cref="NotSupportedException">The policy has an adapter.</exception>
    internal static void RefuseAdapter(PolicyRef policy)
    {
        if (policy.Adapter is { } adapter)
        {
            throw new NotSupportedException($"{adapter.Folder} is an adapter, expected a whole model: the managed engine opens no adapters.");
        }
    }
}
