using System.Buffers.Binary;
using System.Text;

namespace ReSTEM.Sandbox;

/// <summary>Why a child is no more; the numbers are those of sandbox/sandbox_worker.py.</summary>
internal enum RunEnd
{
    /// <summary>By itself, or by a signal.</summary>
    Ended = 0,
    WallLimit = 1,
    OutputLimit = 2,
    Stopped = 3,

    /// <summary>Before all layers were on; nothing of the submission ran.</summary>
    NotConfined = 4,
    CpuLimit = 5,

    /// <summary>By the kernel, over the memory limit; found by the host.</summary>
    MemoryLimit = 6,
}

/// <summary>How a run went, as measured outside of the child, and what the child wrote, which nobody vouches for.</summary>
internal sealed record RunOutcome
{
    private const int FixedSize = 37;
    private const int KillSignal = 9;

    public required RunEnd End { get; init; }

    /// <summary>The exit status, 0 to 255; -1 when a signal ended the child.</summary>
    public required int ExitStatus { get; init; }

    /// <summary>The signal that ended the child; 0 when it exited.</summary>
    public required int Signal { get; init; }

    /// <summary>Whether it died by SIGKILL within its limits, or on its way into them. It cannot send signals itself, so somebody else did.</summary>
    public bool WasKilled => Signal == KillSignal && (End is RunEnd.Ended or RunEnd.NotConfined);

    /// <summary>Processor time in user mode, all threads together: what the limit counts.</summary>
    public required TimeSpan UserTime { get; init; }

    /// <summary>Processor time in the kernel, for page faults and system calls; it depends on the machine more than on the program.</summary>
    public required TimeSpan KernelTime { get; init; }

    /// <summary>Processor time of both kinds.</summary>
    public TimeSpan Cpu => UserTime + KernelTime;

    public required TimeSpan Wall { get; init; }

    public required long PeakMemoryBytes { get; init; }

    /// <summary>The end of standard error.</summary>
    public required string StandardError { get; init; }

    public required ReadOnlyMemory<byte> Output { get; init; }

    /// <summary>This outcome, where it says something about what ran.</summary>
    /// <exception cref="SandboxException">Nothing ran, or it was killed by somebody else.</exception>
    public RunOutcome Genuine() =>
        WasKilled ? throw new SandboxException("The child was killed from outside (SIGKILL), for example by the system running out of memory, which dmesg would show.")
        {
            WasKilled = true,
        }
        : End is RunEnd.NotConfined ? throw new SandboxException($"The child could not confine itself: {StandardError}")
        : this;

    /// <summary>Reads a status frame: u8 end, i32 wait status, u64 user, u64 kernel and u64 wall in microseconds, u32 KiB, u32 bytes, text.</summary>
    public static RunOutcome Read(ReadOnlySpan<byte> status, ReadOnlyMemory<byte> output)
    {
        if (status.Length < FixedSize)
        {
            throw new SandboxException($"Status frame is {status.Length} bytes, expected at least {FixedSize}.");
        }

        int wait = BinaryPrimitives.ReadInt32LittleEndian(status[1..]);
        int signal = wait & 0x7f;
        uint total = BinaryPrimitives.ReadUInt32LittleEndian(status[33..]);
        string tail = Encoding.UTF8.GetString(status[FixedSize..]);
        return new RunOutcome
        {
            End = (RunEnd)status[0],
            ExitStatus = signal == 0 ? (wait >> 8) & 0xff : -1,
            Signal = signal,
            UserTime = TimeSpan.FromMicroseconds(BinaryPrimitives.ReadUInt64LittleEndian(status[5..])),
            KernelTime = TimeSpan.FromMicroseconds(BinaryPrimitives.ReadUInt64LittleEndian(status[13..])),
            Wall = TimeSpan.FromMicroseconds(BinaryPrimitives.ReadUInt64LittleEndian(status[21..])),
            PeakMemoryBytes = BinaryPrimitives.ReadUInt32LittleEndian(status[29..]) * 1024L,
            StandardError = total > status.Length - FixedSize ? $"[{total} bytes, the end:] {tail}" : tail,
            Output = output,
        };
    }
}
