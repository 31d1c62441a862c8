using System.Diagnostics;
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

    /// <summary>The program that installs them, of the tests' own build.</summary>
    internal static string Program => Path.Combine(
        SharedData.RepositoryRoot, "artifacts", "bin", "ReSTEM.Cli", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "restem");

    /// <summary>Why an engine cannot be had here; null where it can.</summary>
    internal static string? MissingReason(string engine) => engine switch
    {
        "torch-cpu" => Torch.Value.Missing,
        "onnx-cpu" => Onnx.Value.Missing,
        _ => throw new ArgumentOutOfRangeException(nameof(engine), engine, "expected torch-cpu or onnx-cpu."),
    };

    /// <summary>As a user does it: an engine that is there, whole and of these sources stays as it is.</summary>
    private static InstalledEngine Install(string name)
    {
        var start = new ProcessStartInfo(Program, ["engine", "add", name]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == 0)
        {
            return new InstalledEngine(new Checkout(SharedData.RepositoryRoot).FolderOf(EngineKind.Named(name)!), null, null);
        }

        // Packages that cannot be had here leave the tests out; anything else is a failure of every test that wants the engine.
        string fault = said.Split('\n').LastOrDefault(line => line.StartsWith("error: ", StringComparison.Ordinal), said + output.Result);
        bool isUnreachable = new[] { "NU1101", "NU1102", "NU1301", "NU1302" }.Any(code => fault.Contains(code, StringComparison.Ordinal));
        return isUnreachable ? new InstalledEngine(null, $"left out, {fault}", null) : new InstalledEngine(null, null, fault);
    }

    private sealed record InstalledEngine(string? Path, string? Missing, string? Fault)
    {
        internal string Folder => Path ?? throw new InvalidOperationException(Missing ?? Fault);
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
