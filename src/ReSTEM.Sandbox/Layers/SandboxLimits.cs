namespace ReSTEM.Sandbox;

/// <summary>What one run of a submission may use. Its CPU time in user mode is what decides; the other times are wide caps.</summary>
public sealed record SandboxLimits
{
    private const int WallPatience = 20;
    private const int CpuPatience = 4;

    /// <summary>
    /// CPU seconds in user mode of all threads together, whole seconds from 1. In the kernel a run may spend twelve times as much.
    /// Both are multiplied by <see cref="MachineFactor"/>.
    /// </summary>
    public int CpuSeconds { get; init; } = 5;

    /// <summary>
    /// A submission over <see cref="CpuSeconds"/> gets another try with this many times what the problem's reference solution takes, where
    /// there is one and that is more; 0 for no other try.
    /// </summary>
    public int ReferenceFactor { get; init; } = 10;

    /// <summary>The most CPU seconds that a reference solution can raise the limit to.</summary>
    public int CpuSecondsCap { get; init; } = 60;

    /// <summary>How many times longer this machine takes than the one the limits are meant for: measured at the start, from 1. Less only in the self-test and in tests of what never ends.</summary>
    internal double MachineFactor { get; init; } = 1;

    /// <summary>
    /// Seconds in the kernel for each in user mode. Wide, as a page fault costs 1 us on one machine and 33 us on another: to fill all
    /// memory that a run may have takes the kernel 0.3 s or 9 s.
    /// </summary>
    internal int KernelShare { get; init; } = 12;

    /// <summary>The limit of time in user mode on this machine.</summary>
    internal TimeSpan UserTime => TimeSpan.FromSeconds(CpuSeconds * MachineFactor);

    /// <summary>The limit of time in the kernel on this machine.</summary>
    internal TimeSpan KernelTime => UserTime * KernelShare;

    /// <summary>
    /// Wall-clock time in which a run neither runs nor waits for a processor; against sleepers. A run over it is tried once more,
    /// alone and with twice this. Where the kernel does not tell sleeping from waiting, all wall-clock time counts.
    /// </summary>
    public TimeSpan Wall { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that a run may take by the clock on the wall, however busy the machine is.</summary>
    internal TimeSpan LongestWall => TimeSpan.FromTicks(
        Math.Max((Wall * WallPatience).Ticks, ((UserTime + KernelTime) * CpuPatience).Ticks));

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
        ArgumentOutOfRangeException.ThrowIfNegative(ReferenceFactor);
        ArgumentOutOfRangeException.ThrowIfLessThan(CpuSecondsCap, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Wall, TimeSpan.FromMilliseconds(50));
        ArgumentOutOfRangeException.ThrowIfLessThan(MemoryBytes, 64L << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(StackBytes, 1L << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(FileBytes, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(OutputBytes, 1024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(OutputBytes, 64 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
    }
}
