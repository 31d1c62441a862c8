namespace ReSTEM.Cli;

/// <summary>Whether this system gives the engine pages of 2 MiB, which a model of some size computes several times faster on (<c>docs/engines.md</c>).</summary>
internal static class LargePages
{
    private const string Setting = "/sys/kernel/mm/transparent_hugepage/enabled";

    internal static string Describe() => Describe(File.Exists(Setting) ? File.ReadAllText(Setting) : null);

    /// <param name="setting">What the kernel writes, its choice in brackets; null where it has no such file.</param>
    internal static string Describe(string? setting) => setting switch
    {
        null => "4 KiB: this system has no transparent huge pages; large models are slower on some virtual machines",
        _ when setting.Contains("[never]", StringComparison.Ordinal) =>
            $"4 KiB: {Setting} is never; large models are slower on some virtual machines. As root: echo madvise > {Setting}",
        _ => "2 MiB for weights, activations, keys and values",
    };
}
