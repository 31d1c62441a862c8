using ReSTEM.Sandbox;

namespace ReSTEM.IntegrationTests;

/// <summary>
/// Limits under which a verdict says nothing about the machine: a program that ends by itself gets far more than it uses on any,
/// and only one that never ends gets little.
/// </summary>
internal static class TestLimits
{
    /// <summary>For programs that end by themselves.</summary>
    internal static SandboxLimits Ending { get; } = new() { CpuSeconds = 120, Wall = TimeSpan.FromSeconds(60), MemoryBytes = 256L << 20, OutputBytes = 1 << 20 };

    /// <summary>For programs that end when they have all the memory they may have: little of it, as each page costs CPU time.</summary>
    internal static SandboxLimits Hoarding { get; } = Ending with { MemoryBytes = 64L << 20 };

    /// <summary>For programs that would run for ever.</summary>
    internal static SandboxLimits Running { get; } = Ending with { CpuSeconds = 1 };

    /// <summary>For nothing but programs that use up any time in user mode, of which a quarter tells as much: CPU seconds are quarters of a second.</summary>
    internal static SandboxLimits Endless { get; } = Running with { MachineFactor = 0.25 };

    /// <summary>For programs that would run for ever, sleep, or keep the host waiting for what they never send.</summary>
    internal static SandboxLimits Sleeping { get; } = Endless with { Wall = TimeSpan.FromMilliseconds(500) };
}
