namespace ReSTEM.EngineTests;

internal sealed class TorchFactAttribute : FactAttribute;

internal sealed class TorchTheoryAttribute : TheoryAttribute;

internal sealed class TorchDataTheoryAttribute : TheoryAttribute;
