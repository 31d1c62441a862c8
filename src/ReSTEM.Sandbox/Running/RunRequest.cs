using System.Buffers.Binary;

namespace ReSTEM.Sandbox;

/// <summary>What a child does; the numbers are those of sandbox/run_request.py.</summary>
internal enum RunMode
{
    StandardIo = 0,
    Operations = 1,
    Conversation = 2,
    Plan = 3,
    TestCode = 4,
    SpecialJudge = 5,
    Probe = 6,
    Read = 7,
}

/// <summary>One run: what to do, with what, under which limits.</summary>
internal sealed record RunRequest(RunMode Mode, ReadOnlyMemory<byte> Payload, SandboxLimits Limits)
{
    public const int FrameHeaderSize = 8;
    private const int LimitsSize = 44;

    /// <summary>The request as the zygote reads it: kind 1, length, limits, payload.</summary>
    public byte[] ToFrame()
    {
        var frame = new byte[FrameHeaderSize + LimitsSize + Payload.Length];
        var rest = frame.AsSpan();
        void Put(ref Span<byte> at, uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(at, value);
            at = at[4..];
        }

        Put(ref rest, 1);
        Put(ref rest, (uint)(LimitsSize + Payload.Length));
        Put(ref rest, (uint)Mode);
        Put(ref rest, (uint)Limits.UserTime.TotalMilliseconds);
        Put(ref rest, (uint)Limits.KernelTime.TotalMilliseconds);
        Put(ref rest, (uint)Limits.Wall.TotalMilliseconds);
        Put(ref rest, (uint)Limits.OutputBytes);
        Put(ref rest, (uint)Limits.FileBytes);
        Put(ref rest, (uint)Limits.Threads);
        BinaryPrimitives.WriteUInt64LittleEndian(rest, (ulong)Limits.MemoryBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[8..], (ulong)Limits.StackBytes);
        Payload.Span.CopyTo(rest[16..]);
        return frame;
    }
}
