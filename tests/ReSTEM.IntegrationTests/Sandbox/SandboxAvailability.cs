using System.Runtime.InteropServices;
using ReSTEM.Sandbox;

namespace ReSTEM.IntegrationTests;

/// <summary>
/// Whether a sandbox can exist here. Without one the tests are skipped with the reason, except under CI, where they fail:
/// there it can be installed, so a missing layer is a fault.
/// </summary>
internal static class SandboxAvailability
{
    public static string? SkipReason { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
        {
            return null;
        }

        var findings = Task.Run(() => SandboxSelfTest.RunAsync(new SandboxOptions(), CancellationToken.None)).Result;
        var missing = findings.FirstOrDefault(finding => !finding.Holds);
        return missing is null ? null : $"no sandbox here: {missing.Name}: {missing.Detail}";
    }
}

/// <summary>A test that runs programs in the sandbox.</summary>
internal sealed class SandboxFactAttribute : FactAttribute
{
    public SandboxFactAttribute() => Skip = SandboxAvailability.SkipReason;
}

/// <summary>A theory that runs programs in the sandbox.</summary>
internal sealed class SandboxTheoryAttribute : TheoryAttribute
{
    public SandboxTheoryAttribute() => Skip = SandboxAvailability.SkipReason;
}

/// <summary>A test of the sandbox's own copies of memory, which are made on large pages and by a routine for x86-64.</summary>
internal sealed class LargePagesFactAttribute : FactAttribute
{
    private const string Setting = "/sys/kernel/mm/transparent_hugepage/enabled";

    public LargePagesFactAttribute() => Skip =
        RuntimeInformation.ProcessArchitecture != Architecture.X64 ? "needs x86-64"
        : !File.Exists(Setting) || File.ReadAllText(Setting).Contains("[never]", StringComparison.Ordinal) ? $"needs large pages, {Setting}"
        : SandboxAvailability.SkipReason;
}

/// <summary>A test that runs published data sets in the sandbox.</summary>
internal sealed class SandboxDataFactAttribute : FactAttribute
{
    public SandboxDataFactAttribute() =>
        Skip = CodeDataSets.Present ? SandboxAvailability.SkipReason : $"needs the reference data in {CodeDataSets.Root}";
}

/// <summary>A theory that runs published data sets in the sandbox.</summary>
internal sealed class SandboxDataTheoryAttribute : TheoryAttribute
{
    public SandboxDataTheoryAttribute() => Skip = new SandboxDataFactAttribute().Skip;
}

/// <summary>A test that runs published data sets in the sandbox, with packages of third parties that not every machine has.</summary>
internal sealed class SandboxPackagesFactAttribute : FactAttribute
{
    private const string Folder = "/usr/lib/python3/dist-packages";

    public SandboxPackagesFactAttribute() =>
        Skip = Array.Find(Packages, package => !Directory.Exists(Path.Combine(Folder, package))) is { } missing
            ? $"needs the system's package {missing} in {Folder}"
            : new SandboxDataFactAttribute().Skip;

    public static string[] Packages { get; } = ["numpy", "sortedcontainers"];
}
