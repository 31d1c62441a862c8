using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Engines;

/// <summary>What lies in the folder of a policy, a model or an adapter on one: the same for every engine that computes from folders.</summary>
public static class PolicyFolder
{
    /// <summary>Names what lies in a folder, by the digest of its weights.</summary>
    /// <exception cref="InvalidDataException">There is neither a model nor an adapter, or the adapter fits another model.</exception>
    public static PolicyRef Resolve(string folder)
    {
        if (AdapterFolder.IsAdapter(folder))
        {
            return ResolveAdapter(folder);
        }

        ModelConfigReader.Read(folder); // a folder that holds no model is told as that
        return new PolicyRef(folder, ModelFolder.WeightsSha256(folder));
    }

    /// <summary>The SHA-256 of what was trained in a folder: of its adapter, or of its weights.</summary>
    /// <exception cref="InvalidDataException">There are no weights.</exception>
    public static string WeightsSha256(string folder) =>
        AdapterFolder.IsAdapter(folder) ? AdapterFolder.Sha256(folder) : ModelFolder.WeightsSha256(folder);

    /// <summary>Opens what a reference names, and refuses weights that are not those that were named.</summary>
    /// <exception cref="InvalidDataException">A file is missing, damaged or altered.</exception>
    public static OpenPolicy Open(PolicyRef policy)
    {
        var weights = ModelFolder.Open(policy.Folder);
        bool isOpen = false;
        try
        {
            policy.ThrowUnlessIs(ModelFolder.WeightsSha256(policy.Folder));
            var opened = new OpenPolicy(weights, AdapterOf(policy, weights.Config), policy);
            isOpen = true;
            return opened;
        }
        finally
        {
            if (!isOpen)
            {
                weights.Dispose();
            }
        }
    }

    /// <summary>An adapter that is trained further keeps its shape; settings that say otherwise would have no effect.</summary>
    /// <exception cref="InvalidDataException">They say otherwise.</exception>
    public static void ThrowUnlessSameShape(PolicyRef policy, AdapterOptions? wanted)
    {
        if (policy.Adapter is not { } before || wanted is null)
        {
            return;
        }

        var (model, config) = (ModelConfigReader.Read(policy.Folder), AdapterFolder.ReadConfig(before.Folder));
        string own = Shape(config.Rank, config.Alpha, config.TargetModules), asked = Shape(wanted.Rank, wanted.EffectiveAlpha, wanted.TargetModules);
        if (own != asked)
        {
            throw new InvalidDataException($"m_step.adapter has {asked}, expected {own}: training goes on with the adapter in {before.Folder}.");
        }

        string Shape(int rank, double alpha, IReadOnlyList<string> targets) => string.Create(
            CultureInfo.InvariantCulture,
            $"rank {rank}, alpha {alpha} and {AdapterTargets.Of(targets, model).Count} projections ({string.Join(", ", AdapterTargets.LastNames(targets, model))})");
    }

    /// <summary>Refuses to train what cannot be trained: altered weights, or all weights of a policy that is an adapter.</summary>
    /// <param name="policy">Where training begins.</param>
    /// <param name="adapter">What is trained; null for all weights.</param>
    /// <exception cref="InvalidDataException">The weights are not those that were named.</exception>
    /// <exception cref="NotSupportedException">There are no whole weights to train.</exception>
    public static void ThrowUnlessTrainable(PolicyRef policy, AdapterJob? adapter)
    {
        policy.ThrowUnlessIs(ModelFolder.WeightsSha256(policy.Folder));
        if (adapter is null && policy.Adapter is { } before)
        {
            throw new NotSupportedException(
                $"{before.Folder} is an adapter, expected a whole model to train all weights of: train an adapter, or merge it first.");
        }
    }

    private static Adapter? AdapterOf(PolicyRef policy, ModelConfig config)
    {
        if (policy.Adapter is not { } reference)
        {
            return null;
        }

        string actual = AdapterFolder.Sha256(reference.Folder);
        return actual == reference.Sha256 ? AdapterFolder.Read(reference.Folder, config) : throw new InvalidDataException(
            $"{reference.Folder}: SHA-256 of the adapter is {actual}, expected {reference.Sha256}. It was altered; restore it or start a new run.");
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
