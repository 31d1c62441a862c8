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
    public EngineCapabilities Capabilities { get; } = new(Training: true, Adapters: true, LogProbabilities: true);

    /// <inheritdoc/>
    public ITrainer Trainer { get; } = new CourseTrainer(new ManagedStepperSource(options));

    /// <summary>The version is that of the arithmetic of sampling and training; raised whenever bits may change.</summary>
    internal static EngineFingerprint Identity { get; } = new("managed", Version: "1", Dtype: "float32", Deterministic: true);

    /// <inheritdoc/>
    public PolicyRef Resolve(string folder)
    {
        if (AdapterFolder.IsAdapter(folder))
        {
            return ResolveAdapter(folder);
        }

        ModelConfigReader.Read(folder); // a folder that holds no model is told as that
        return new PolicyRef(folder, ModelFolder.WeightsSha256(folder));
    }

    /// <inheritdoc/>
    public ModelInfo Describe(PolicyRef policy) => ModelDescription.Of(policy.Folder);

    /// <inheritdoc/>
    public MemoryEstimate? MemoryOf(PolicyRef policy, MemoryUse use)
    {
        var config = ModelConfigReader.Read(policy.Folder);
        if (policy.Adapter is { } before && use.Adapter is { } wanted)
        {
            RefuseAnotherShape(before.Folder, AdapterFolder.ReadConfig(before.Folder), wanted, config);
        }

        return new MemoryModel(config, options).Of(use);
    }

    /// <inheritdoc/>
    public IPolicy Open(PolicyRef policy)
    {
        using var weights = ModelFolder.Open(policy.Folder);
        policy.ThrowUnlessIs(ModelFolder.WeightsSha256(policy.Folder));
        var tokenizer = ModelDescription.TokenizerOf(policy.Folder, weights.Config);
        if (policy.Adapter is not { } reference)
        {
            return Open(weights, policy.Sha256, tokenizer, options);
        }

        string actual = AdapterFolder.Sha256(reference.Folder);
        return actual == reference.Sha256
            ? Open(weights, AdapterFolder.Read(reference.Folder, weights.Config), policy, tokenizer, options)
            : throw new InvalidDataException(
                $"{reference.Folder}: SHA-256 of the adapter is {actual}, expected {reference.Sha256}. It was altered; restore it or start a new run.");
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
        new DecoderPolicy(new ManagedModel(weights, null, weightsSha256, options), tokenizer);

    /// <summary>Opens a model with an adapter, as the policy's reference says: added into the weights, or beside them.</summary>
    internal static IPolicy Open(IWeightSource weights, Adapter adapter, PolicyRef policy, ITokenizer? tokenizer, EngineOptions options)
    {
        string sha256 = $"{policy.Sha256}+{policy.Adapter!.Sha256}";
        var model = policy.Adapter.IsMerged
            ? new ManagedModel(new MergedWeights(weights, adapter), null, sha256, options)
            : new ManagedModel(weights, adapter, sha256, options);
        return new DecoderPolicy(model, tokenizer);
    }

    /// <summary>An adapter that is trained further keeps its shape; settings that say otherwise would have no effect.</summary>
    private static void RefuseAnotherShape(string folder, AdapterConfig before, AdapterOptions wanted, ModelConfig config)
    {
        string own = Shape(before.Rank, before.Alpha, before.TargetModules), asked = Shape(wanted.Rank, wanted.EffectiveAlpha, wanted.TargetModules);
        if (own != asked)
        {
            throw new InvalidDataException($"m_step.adapter has {asked}, expected {own}: training goes on with the adapter in {folder}.");
        }

        string Shape(int rank, double alpha, IReadOnlyList<string> targets) => string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"rank {rank}, alpha {alpha} and {AdapterTargets.Of(targets, config).Count} projections ({string.Join(", ", AdapterTargets.LastNames(targets, config))})");
    }

    private static PolicyRef ResolveAdapter(string folder)
    {
        string model = AdapterFolder.BaseFolder(folder);
        ModelConfigReader.Read(model);
        string sha256 = ModelFolder.WeightsSha256(model);
        string trainedOn = AdapterFolder.BaseSha256(folder) ?? sha256;
        return trainedOn == sha256
            ? new PolicyRef(model, sha256, new AdapterRef(folder, AdapterFolder.Sha256(folder), trainedOn))
            : throw new InvalidDataException(
                $"{folder} is an adapter for weights with SHA-256 {trainedOn}, expected {sha256} ({model}); write the folder of its own base into {AdapterFolder.ConfigName}.");
    }
}
