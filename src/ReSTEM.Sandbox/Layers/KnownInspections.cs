using System.Collections.Concurrent;

namespace ReSTEM.Sandbox;

/// <summary>
/// What the self-test found in this process, for each way to set the sandbox up. A process that starts several verifiers, as a sweep does,
/// tests the sandbox once: neither the machine nor the programs change under it. What did not hold is tried again by the next start.
/// </summary>
internal static class KnownInspections
{
    private static readonly ConcurrentDictionary<(SandboxOptions, string), SandboxInspection> Known = new();

    /// <summary>What was found before, or what the self-test finds now.</summary>
    /// <exception cref="SandboxException">A layer is missing and was not given up by name.</exception>
    public static async Task<SandboxInspection> InspectAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        if (Known.TryGetValue(KeyOf(options), out var known))
        {
            return known;
        }

        var inspection = await SandboxSelfTest.InspectAsync(options, cancellationToken);
        SandboxSelfTest.ThrowIfMissing(inspection.Findings);
        return Known.GetOrAdd(KeyOf(options), inspection);
    }

    /// <summary>All that a worker is started with; limits of time and output come with each run, and the self-test has its own.</summary>
    private static (SandboxOptions, string) KeyOf(SandboxOptions options) => (
        options with
        {
            WorkerCount = 1,
            RunsPerWorker = 1,
            Packages = [],
            Limits = new SandboxLimits { MemoryBytes = options.Limits.MemoryBytes, Threads = options.Limits.Threads },
        },
        string.Join(' ', options.Packages));
}
