using ReSTEM.Core;
using ReSTEM.Engines;

namespace ReSTEM.Managed;

/// <summary>Opens Hugging Face folders for training on the managed engine.</summary>
internal sealed class ManagedStepperSource(EngineOptions engine) : IStepperSource
{
    public EngineFingerprint Fingerprint => ManagedEngine.IdentityOf(engine.Dtype);

    public string WeightsSha256(string folder) => PolicyFolder.WeightsSha256(folder);

    public IStepper Open(PolicyRef policy, OptimizerOptions optimizer, AdapterJob? adapter)
    {
        PolicyFolder.ThrowUnlessTrainable(policy, adapter);
        return adapter is null ? ManagedStepper.Open(policy.Folder, optimizer, engine) : AdapterStepper.Open(policy, adapter, optimizer, engine);
    }
}
