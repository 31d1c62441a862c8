using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;

namespace ReSTEM.Managed;

/// <summary>Opens Hugging Face folders for training on the managed engine.</summary>
internal sealed class ManagedStepperSource(EngineOptions engine) : IStepperSource
{
    public string Arithmetic => "managed 1";

    public string WeightsSha256(string folder) => ModelFolder.WeightsSha256(folder);

    public IStepper Open(string baseFolder, OptimizerOptions optimizer) => new ManagedStepper(baseFolder, optimizer, engine);
}
