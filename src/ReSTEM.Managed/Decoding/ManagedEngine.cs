using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>The engine that needs nothing but .NET: any processor, and the same bits everywhere.</summary>
/// <param name="options">How to use the machine.</param>
public sealed class ManagedEngine(EngineOptions options) : IEngine
{
    /// <inheritdoc/>
    public EngineFingerprint Fingerprint => IdentityOf(options.Dtype);

    /// <inheritdoc/>
    public EngineCapabilities Capabilities { get; } = new(Training: true, Adapters: true, LogProbabilities: true);

    /// <inheritdoc/>
    public ITrainer Trainer { get; } = new CourseTrainer(new ManagedStepperSource(options.Training));

    /// <summary>The version is that of the arithmetic of sampling and training; raised whenever bits may change.</summary>
    internal static EngineFingerprint Identity { get; } = IdentityOf(EngineDtype.Float32);

    /// <summary>What it computes in.</summary>
    public static IReadOnlyList<EngineDtype> Dtypes { get; } = [EngineDtype.Float32, EngineDtype.Bfloat16, EngineDtype.Int8];

    /// <summary>What multiplies in bfloat16 here, and why nothing faster does; for people. No bit depends on it.</summary>
    public static string BfloatProducts => BfloatKernel.Description;

    /// <summary>What multiplies in int8 here, and why nothing faster does; for people. No bit depends on it.</summary>
    public static string ByteProducts => ByteKernel.Description;

    /// <summary>What bits depend on besides the weights. Kernels of all processors give the same ones, so that none is named.</summary>
    internal static EngineFingerprint IdentityOf(EngineDtype dtype) =>
        new("managed", Version: "1", EngineSettings.NameOf(dtype), Deterministic: true);

    /// <inheritdoc/>
    public PolicyRef Resolve(string folder) => PolicyFolder.Resolve(folder);

    /// <inheritdoc/>
    public ModelInfo Describe(PolicyRef policy) => ModelDescription.Of(policy.Folder);

    /// <inheritdoc/>
    public MemoryEstimate? MemoryOf(PolicyRef policy, MemoryUse use)
    {
        PolicyFolder.ThrowUnlessSameShape(policy, use.Adapter);
        return new MemoryModel(ModelConfigReader.Read(policy.Folder), options).Of(use);
    }

    /// <inheritdoc/>
    public IPolicy Open(PolicyRef policy)
    {
        using var opened = PolicyFolder.Open(policy);
        return new DecoderPolicy(new ManagedModel(opened.Weights, opened.Adapter, opened.Sha256, options), opened.Tokenizer);
    }

    /// <inheritdoc/>
    public IReadOnlyList<float[]> Embed(PolicyRef policy, IReadOnlyList<IReadOnlyList<int>> sequences, CancellationToken cancellationToken)
    {
        using var opened = PolicyFolder.Open(policy);
        using var embeddings = new Embeddings(opened.Weights, opened.Adapter, options);
        return embeddings.Of(sequences, cancellationToken);
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
        string sha256 = OpenPolicy.Digest(policy);
        var model = policy.Adapter!.IsMerged
            ? new ManagedModel(new MergedWeights(weights, adapter), null, sha256, options)
            : new ManagedModel(weights, adapter, sha256, options);
        return new DecoderPolicy(model, tokenizer);
    }
}
