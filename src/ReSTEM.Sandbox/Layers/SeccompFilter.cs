using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ReSTEM.Sandbox;

/// <summary>Writes the system call filter of a child: an allow-list as a classic BPF program.</summary>
/// <remarks>Format: struct sock_filter and struct seccomp_data of the Linux headers linux/filter.h and linux/seccomp.h.</remarks>
internal static class SeccompFilter
{
    private const ushort LoadWord = 0x20;
    private const ushort JumpEqual = 0x15;
    private const ushort JumpGreaterOrEqual = 0x35;
    private const ushort JumpAnyBit = 0x45;
    private const ushort Return = 0x06;

    private const uint Kill = 0x80000000;
    private const uint Allow = 0x7fff0000;
    private const uint PermissionDenied = 0x00050000 | 1;
    private const uint NoSuchCall = 0x00050000 | 38;

    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;
    private const uint Argument0Offset = 16;
    private const uint Argument1Offset = 24;

    private const uint X64Architecture = 0xC000003E;
    private const uint Arm64Architecture = 0xC00000B7;
    private const uint X32Bit = 0x40000000;
    private const uint CloneThread = 0x00010000;

    // CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
    private const uint CloneNamespaces = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000;

    // TCGETS, TIOCGWINSZ, FIONREAD, FIONCLEX, FIOCLEX.
    private static readonly uint[] Ioctls = [0x5401, 0x5413, 0x541B, 0x5450, 0x5451];

    // PR_SET_NAME, PR_GET_NAME.
    private static readonly uint[] Prctls = [15, 16];

    /// <summary>Whether there is a filter for a processor family.</summary>
    public static bool Supports(Architecture architecture) => architecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>The filter, eight bytes an instruction.</summary>
    /// <exception cref="PlatformNotSupportedException">The processor family has no system call table here.</exception>
    public static byte[] Build(Architecture architecture)
    {
        if (!Supports(architecture))
        {
            throw new PlatformNotSupportedException($"Processor is {architecture}, expected X64 or Arm64 for the system call filter.");
        }

        bool x64 = architecture is Architecture.X64;
        int Of((int X64, int Arm64) call) => x64 ? call.X64 : call.Arm64;
        var program = new Program();
        program.Add(LoadWord, 0, 0, ArchitectureOffset);
        program.Add(JumpEqual, 1, 0, x64 ? X64Architecture : Arm64Architecture);
        program.Add(Return, 0, 0, Kill);
        program.Add(LoadWord, 0, 0, NumberOffset);
        if (x64)
        {
            program.Add(JumpGreaterOrEqual, 0, 1, X32Bit);
            program.Add(Return, 0, 0, Kill);
        }

        program.ReturnIf(SystemCalls.Clone3, NoSuchCall);
        AddThreadClone(program, Of(SystemCalls.Clone));
        AddArgumentList(program, Of(SystemCalls.Ioctl), Argument1Offset, Ioctls);
        AddArgumentList(program, Of(SystemCalls.Prctl), Argument0Offset, Prctls);
        // The kernel tries the filter on every number when it is installed, so a search pays that a list does not.
        var numbers = SystemCalls.Allowed.Select(call => x64 ? call.X64 : call.Arm64).Where(number => number != SystemCalls.None);
        AddSearch(program, Boundaries(numbers.Order()));
        return program.ToBytes();
    }

    // Each number from which on another action holds than before.
    private static List<(uint From, uint Action)> Boundaries(IEnumerable<int> numbers)
    {
        List<(uint From, uint Action)> boundaries = [(0, PermissionDenied)];
        foreach (uint number in numbers.Select(number => (uint)number))
        {
            if (boundaries[^1].From == number)
            {
                boundaries.RemoveAt(boundaries.Count - 1);
            }

            if (boundaries.Count == 0 || boundaries[^1].Action != Allow)
            {
                boundaries.Add((number, Allow));
            }

            boundaries.Add((number + 1, PermissionDenied));
        }

        return boundaries;
    }

    // One comparison a node, and one return for each action behind all of them: a child compiles every instruction anew.
    private static void AddSearch(Program program, List<(uint From, uint Action)> boundaries)
    {
        uint[] actions = [.. boundaries.Select(boundary => boundary.Action).Distinct()];
        var nodes = new List<(uint From, int Below, int FromThere)>();
        int Add(int start, int end)
        {
            if (end - start == 1)
            {
                return -1 - Array.IndexOf(actions, boundaries[start].Action);
            }

            int middle = (start + end) / 2;
            int node = nodes.Count;
            nodes.Add(default);
            int below = Add(start, middle);
            nodes[node] = (boundaries[middle].From, below, Add(middle, end));
            return node;
        }

        Add(0, boundaries.Count);
        for (int node = 0; node < nodes.Count; node++)
        {
            byte Jump(int target) => checked((byte)((target < 0 ? nodes.Count - 1 - target : target) - node - 1));
            program.Add(JumpGreaterOrEqual, Jump(nodes[node].FromThere), Jump(nodes[node].Below), nodes[node].From);
        }

        foreach (uint action in actions)
        {
            program.Add(Return, 0, 0, action);
        }
    }

    private static void AddThreadClone(Program program, int number)
    {
        program.Add(JumpEqual, 0, 5, (uint)number);
        program.Add(LoadWord, 0, 0, Argument0Offset);
        program.Add(JumpAnyBit, 2, 0, CloneNamespaces);
        program.Add(JumpAnyBit, 0, 1, CloneThread);
        program.Add(Return, 0, 0, Allow);
        program.Add(Return, 0, 0, PermissionDenied);
    }

    private static void AddArgumentList(Program program, int number, uint argumentOffset, uint[] allowed)
    {
        program.Add(JumpEqual, 0, (byte)(2 + (2 * allowed.Length)), (uint)number);
        program.Add(LoadWord, 0, 0, argumentOffset);
        foreach (uint value in allowed)
        {
            program.ReturnIf(value, Allow);
        }

        program.Add(Return, 0, 0, PermissionDenied);
    }

    private sealed class Program
    {
        private readonly List<byte> _bytes = [];

        public void ReturnIf(uint value, uint action)
        {
            Add(JumpEqual, 0, 1, value);
            Add(Return, 0, 0, action);
        }

        public void Add(ushort code, byte jumpTrue, byte jumpFalse, uint operand)
        {
            Span<byte> instruction = stackalloc byte[8];
            BinaryPrimitives.WriteUInt16LittleEndian(instruction, code);
            instruction[2] = jumpTrue;
            instruction[3] = jumpFalse;
            BinaryPrimitives.WriteUInt32LittleEndian(instruction[4..], operand);
            _bytes.AddRange(instruction);
        }

        public byte[] ToBytes() => [.. _bytes];
    }
}
