using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ReSTEM.Sandbox;

namespace ReSTEM.Tests;

public sealed class SeccompFilterTests
{
    private const uint Allow = 0x7fff0000;
    private const uint Denied = 0x00050001;
    private const uint Missing = 0x00050026;
    private const uint Kill = 0x80000000;
    private const uint X64 = 0xC000003E;
    private const uint Arm64 = 0xC00000B7;

    // Numbers from the kernel's tables: read 0, execve 59, fork 57, vfork 58, socket 41, kill 62, ptrace 101, mount 165, bpf 321.
    [Theory]
    [InlineData(X64, 0, 0, Allow)]
    [InlineData(X64, 59, 0, Denied)]
    [InlineData(X64, 57, 0, Denied)]
    [InlineData(X64, 58, 0, Denied)]
    [InlineData(X64, 41, 0, Denied)]
    [InlineData(X64, 62, 0, Denied)]
    [InlineData(X64, 101, 0, Denied)]
    [InlineData(X64, 165, 0, Denied)]
    [InlineData(X64, 321, 0, Denied)]
    [InlineData(X64, 435, 0, Missing)]
    [InlineData(X64, 56, 0x3d0f00, Allow)] // the flags of pthread_create
    [InlineData(X64, 56, 0x01200011, Denied)] // the flags of fork
    [InlineData(X64, 56, 0x10010000, Denied)] // a thread in a new user namespace
    [InlineData(X64, 0x40000000, 0, Kill)]
    [InlineData(Arm64, 0, 0, Kill)]
    [InlineData(0x40000003u, 0, 0, Kill)] // 32-bit x86
    public void X64_filter_decides(uint architecture, int number, ulong argument, uint action) =>
        Assert.Equal(action, Run(SeccompFilter.Build(Architecture.X64), architecture, number, argument, 0));

    [Theory]
    [InlineData(Architecture.X64, X64)]
    [InlineData(Architecture.Arm64, Arm64)]
    public void Exactly_the_listed_calls_are_allowed_whatever_their_arguments(Architecture architecture, uint code)
    {
        var listed = SystemCalls.Allowed.Select(call => architecture is Architecture.X64 ? call.X64 : call.Arm64).Where(number => number >= 0);
        byte[] filter = SeccompFilter.Build(architecture);
        Assert.Equal(listed.Order(), Enumerable.Range(0, 1000).Where(number => Run(filter, code, number, 0, 0) == Allow));
    }

    [Theory]
    [InlineData(63, 0, Allow)] // read
    [InlineData(221, 0, Denied)] // execve
    [InlineData(198, 0, Denied)] // socket
    [InlineData(220, 0x3d0f00, Allow)]
    [InlineData(220, 17, Denied)]
    public void Arm64_filter_decides(int number, ulong argument, uint action) =>
        Assert.Equal(action, Run(SeccompFilter.Build(Architecture.Arm64), Arm64, number, argument, 0));

    [Theory]
    [InlineData(0x5401, Allow)] // TCGETS, what isatty asks
    [InlineData(0x5412, Denied)] // TIOCSTI types into the terminal
    public void Ioctl_is_for_questions_alone(ulong request, uint action) =>
        Assert.Equal(action, Run(SeccompFilter.Build(Architecture.X64), X64, 16, 0, request));

    // A plain interpreter of the six classic BPF instructions that the filter uses (linux/filter.h).
    private static uint Run(byte[] filter, uint architecture, int number, ulong argument0, ulong argument1)
    {
        uint accumulator = 0;
        for (int at = 0; ; at++)
        {
            var instruction = filter.AsSpan(at * 8, 8);
            uint operand = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            switch (BinaryPrimitives.ReadUInt16LittleEndian(instruction))
            {
                case 0x20:
                    accumulator = operand switch { 0 => (uint)number, 4 => architecture, 16 => (uint)argument0, 24 => (uint)argument1, _ => throw new InvalidOperationException() };
                    break;
                case 0x05:
                    at += (int)operand;
                    break;
                case 0x15:
                    at += (accumulator == operand) ? instruction[2] : instruction[3];
                    break;
                case 0x35:
                    at += (accumulator >= operand) ? instruction[2] : instruction[3];
                    break;
                case 0x45:
                    at += ((accumulator & operand) != 0) ? instruction[2] : instruction[3];
                    break;
                default:
                    return operand;
            }
        }
    }
}
