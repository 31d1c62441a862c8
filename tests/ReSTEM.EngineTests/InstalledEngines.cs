using ReSTEM.Plugins;
using ReSTEM.Tests;

namespace ReSTEM.EngineTests;

/// <summary>
/// The engines for the processor, installed once a checkout by the tests themselves. Whoever asks first waits for it; all test classes
/// share what is there.
/// </summary>
internal static class InstalledEngines
{
    private static readonly Lazy<InstalledEngine> Torch = new(() => Install("torch-cpu"));
    private static readonly Lazy<InstalledEngine> Onnx = new(() => Install("onnx-cpu"));

    /// <summary>The folder of torch-cpu.</summary>
    internal static string TorchCpu => Torch.Value.Folder;

    /// <summary>The folder of onnx-cpu.</summary>
    internal static string OnnxCpu => Onnx.Value.Folder;

    /// <summary>Why an engine cannot be had here; null where it can.</summary>
    internal static string? MissingReason(string engine) => engine switch
    {
        "torch-cpu" => Torch.Value.Missing,
        "onnx-cpu" => Onnx.Value.Missing,
        _ => throw new ArgumentOutOfRangeException(nameof(engine), engine, "expected torch-cpu or onnx-cpu."),
    };

    private static InstalledEngine Install(string name)
    {
        var checkout = new Checkout(SharedData.RepositoryRoot);
        EngineKind kind = EngineKind.Named(name)!;
        string folder = checkout.FolderOf(kind);
        if (Directory.Exists(folder))
        {
            return new InstalledEngine(folder, null, null);
        }

        try
        {
            string part = folder + ".part";
            Directory.CreateDirectory(checkout.EnginesFolder);
            EnginePublication.RunAsync(checkout, kind, part, folder + ".log", CancellationToken.None).GetAwaiter().GetResult();
            Directory.Move(part, folder);
            return new InstalledEngine(folder, null, null);
        }
        catch (Core.EngineException fault)
        {
            // Packages that cannot be had here leave the tests out; anything else is a failure of every test that wants the engine.
            bool unreachable = new[] { "NU1101", "NU1102", "NU1301", "NU1302" }.Any(code => fault.Message.Contains(code, StringComparison.Ordinal));
            return unreachable ? new InstalledEngine(null, $"left out, {fault.Message}", null) : new InstalledEngine(null, null, fault);
        }
    }

    private sealed record InstalledEngine(string? Path, string? Missing, Exception? Fault)
    {
        internal string Folder => Path ?? throw new InvalidOperationException(Missing ?? Fault!.Message, Fault);
    }
}

/// <summary>A test that needs an installed engine; skipped with the reason where its packages cannot be had.</summary>
internal sealed class EngineFactAttribute : FactAttribute
{
    public EngineFactAttribute(string engine) => Skip = InstalledEngines.MissingReason(engine);
}

/// <summary>A test that needs an installed engine and the shared data.</summary>
internal sealed class EngineDataFactAttribute : FactAttribute
{
    public EngineDataFactAttribute(string engine) => Skip = SharedData.Present
        ? InstalledEngines.MissingReason(engine)
        : $"needs the reference data in {SharedData.Root}";
}

/// <summary>A theory that needs an installed engine and the shared data.</summary>
internal sealed class EngineDataTheoryAttribute : TheoryAttribute
{
    public EngineDataTheoryAttribute(string engine) => Skip = SharedData.Present
        ? InstalledEngines.MissingReason(engine)
        : $"needs the reference data in {SharedData.Root}";
}

/// <summary>A theory that needs an installed engine.</summary>
internal sealed class EngineTheoryAttribute : TheoryAttribute
{
    public EngineTheoryAttribute(string engine) => Skip = InstalledEngines.MissingReason(engine);
}
