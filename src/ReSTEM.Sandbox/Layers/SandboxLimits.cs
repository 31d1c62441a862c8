namespace ReSTEM.Sandbox;

/// <summary>What one run of a submission may use. CPU time is what decides; the other times are against sleepers.</summary>
public sealed record SandboxLimits
{
    /// <summary>CPU seconds of all threads together, whole seconds from 1.</summary>
    public int CpuSeconds { get; init; } = 5;

    /// <summary>
    /// Wall-clock time in which a run neither runs nor waits for a processor; against sleepers. A run over it is tried once more,
    /// alone and with twice this. Where the kernel does not tell sleeping from waiting, all wall-clock time counts.
    /// </summary>
    public TimeSpan Wall { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that a run may take by the clock on the wall, however busy the machine is.</summary>
    internal TimeSpan LongestWall => Wall * 20;

    /// <summary>Address space in bytes.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>Stack of the main thread in bytes.</summary>
    public long StackBytes { get; init; } = 64L << 20;

    /// <summary>Largest file in bytes, in the run's own 16 MiB of scratch space.</summary>
    public int FileBytes { get; init; } = 1 << 20;

    /// <summary>Bytes that a run may hand back: standard output, or the values of its calls.</summary>
    public int OutputBytes { get; init; } = 8 << 20;

    /// <summary>Threads, the main one among them. Processes cannot be made at all.</summary>
    public int Threads { get; init; } = 64;

    /// <exception cref="ArgumentOutOfRangeException">A limit is outside of its range.</exception>
    internal void ThrowUnlessValid()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(CpuSeconds, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Wall, TimeSpan.FromMilliseconds(50));
        ArgumentOutOfRangeException.ThrowIfLessThan(MemoryBytes, 64L << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(StackBytes, 1L << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(FileBytes, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(OutputBytes, 1024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(OutputBytes, 64 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
    }
}
