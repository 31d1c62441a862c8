using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;

namespace ReSTEM.Managed;

/// <summary>Opens Hugging Face folders for training on the managed engine.</summary>
internal sealed class ManagedStepperSource(EngineOptions engine) : IStepperSource
{
    public EngineFingerprint Fingerprint => ManagedEngine.Identity;

    public string WeightsSha256(string folder) => PolicyFolder.WeightsSha256(folder);

    public IStepper Open(PolicyRef policy, OptimizerOptions optimizer, AdapterJob? adapter)
    {
        policy.ThrowUnlessIs(ModelFolder.WeightsSha256(policy.Folder));
        if (adapter is null && policy.Adapter is { } before)
        {
            throw new NotSupportedException(
                $"{before.Folder} is an adapter, expected a whole model to train all weights of: train an adapter, or merge it first.");
        }

        return adapter is null ? ManagedStepper.Open(policy.Folder, optimizer, engine) : AdapterStepper.Open(policy, adapter, optimizer, engine);
    }
}
