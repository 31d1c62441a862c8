using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;

namespace ReSTEM.Managed;

/// <summary>Opens Hugging Face folders for training on the managed engine.</summary>
internal sealed class ManagedStepperSource(EngineOptions engine) : IStepperSource
{
    public EngineFingerprint Fingerprint => ManagedEngine.Identity;

    public string WeightsSha256(string folder) => ModelFolder.WeightsSha256(folder);

    public IStepper Open(PolicyRef policy, OptimizerOptions optimizer)
    {
        ManagedEngine.RefuseAdapter(policy);
        policy.ThrowUnlessIs(ModelFolder.WeightsSha256(policy.Folder));
        return new ManagedStepper(policy.Folder, optimizer, engine);
    }
}
