using ReSTEM.Tests;

namespace ReSTEM.EngineTests;

/// <summary>A test that needs torch-cpu; skipped with the reason where its packages cannot be had.</summary>
internal sealed class TorchFactAttribute : FactAttribute
{
    public TorchFactAttribute() => Skip = InstalledEngines.MissingReason("torch-cpu");
}

/// <summary>A theory that needs torch-cpu.</summary>
internal sealed class TorchTheoryAttribute : TheoryAttribute
{
    public TorchTheoryAttribute() => Skip = InstalledEngines.MissingReason("torch-cpu");
}

/// <summary>A theory that needs torch-cpu and the shared data.</summary>
internal sealed class TorchDataTheoryAttribute : TheoryAttribute
{
    public TorchDataTheoryAttribute() => Skip = SharedData.Present ? InstalledEngines.MissingReason("torch-cpu") : $"needs the reference data in {SharedData.Root}";
}
