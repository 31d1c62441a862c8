using System.Runtime.InteropServices;
using Iced.Intel;
using ReSTEM.Numerics;

namespace ReSTEM.Tests;

/// <summary>
/// Carries out the instructions of <see cref="DotKernel"/> one by one, so that its addresses, loops and registers are tested on processors
/// that have not the instruction. Memory is the process's own.
/// </summary>
internal sealed unsafe class InstructionReader : IPairKernel
{
    private const int Lanes = 16;
    private readonly DotKernel _kernel = new();
    private readonly Dictionary<Register, long> _general = [];
    private readonly Dictionary<Register, uint[]> _wide = [];
    private readonly Stack<long> _stack = [];

    public string Name => "read one by one";

    public bool WidensRows => _kernel.WidensRows;

    /// <summary>Instructions carried out.</summary>
    internal int Count { get; private set; }

    public void Run(in PairTile tile)
    {
        fixed (PairTile* fields = &tile)
        {
            _general.Clear();
            _wide.Clear();
            _stack.Clear();
            _general[Register.RDI] = (long)fields;
            int routine = DotKernel.RoutineOf(tile.Rows, tile.Vectors);
            Run(Decode(_kernel.Offsets[routine]));
            Assert.Empty(_stack); // or the routine would return to anywhere
        }
    }

    private Dictionary<ulong, Instruction> Decode(int offset)
    {
        var decoder = Iced.Intel.Decoder.Create(64, new ByteArrayCodeReader(_kernel.Instructions[offset..]));
        var routine = new Dictionary<ulong, Instruction>();
        Instruction instruction;
        do
        {
            instruction = decoder.Decode();
            routine.Add(instruction.IP, instruction);
        }
        while (instruction.Mnemonic != Mnemonic.Ret);
        return routine;
    }

    private void Run(Dictionary<ulong, Instruction> routine)
    {
        ulong next = 0;
        bool isZero = false;
        while (routine[next] is { Mnemonic: not Mnemonic.Ret } instruction)
        {
            next = instruction.NextIP;
            Count++;
            switch (instruction.Mnemonic)
            {
                case Mnemonic.Mov:
                    _general[instruction.Op0Register] = *(long*)Address(instruction);
                    break;
                case Mnemonic.Lea:
                    _general[instruction.Op0Register] = (long)Address(instruction);
                    break;
                case Mnemonic.Add:
                    _general[instruction.Op0Register] += _general[instruction.Op1Register];
                    break;
                case Mnemonic.Dec:
                    isZero = --_general[instruction.Op0Register] == 0;
                    break;
                case Mnemonic.Jne:
                    next = isZero ? next : instruction.NearBranchTarget;
                    break;
                case Mnemonic.Push:
                    _stack.Push(_general[instruction.Op0Register]);
                    break;
                case Mnemonic.Pop:
                    _general[instruction.Op0Register] = _stack.Pop();
                    break;
                case Mnemonic.Prefetcht1 or Mnemonic.Vzeroupper:
                    break;
                default:
                    RunWide(instruction);
                    break;
            }
        }
    }

    private void RunWide(Instruction instruction)
    {
        switch (instruction.Code)
        {
            case Code.EVEX_Vmovups_zmm_k1z_zmmm512:
                _wide[instruction.Op0Register] = new ReadOnlySpan<uint>(Address(instruction), Lanes).ToArray();
                break;
            case Code.EVEX_Vmovups_zmmm512_k1z_zmm:
                _wide[instruction.Op1Register].CopyTo(new Span<uint>(Address(instruction), Lanes));
                break;
            case Code.EVEX_Vpbroadcastd_zmm_k1z_xmmm32:
                _wide[instruction.Op0Register] = [.. Enumerable.Repeat(*(uint*)Address(instruction), Lanes)];
                break;
            case Code.EVEX_Vdpbf16ps_zmm_k1z_zmm_zmmm512b32:
                var sums = MemoryMarshal.Cast<uint, float>(_wide[instruction.Op0Register].AsSpan());
                for (int lane = 0; lane < Lanes; lane++)
                {
                    sums[lane] = PairSum.Add(sums[lane], _wide[instruction.Op1Register][lane], _wide[instruction.Op2Register][lane]);
                }

                break;
            default:
                throw new NotSupportedException($"{instruction}");
        }
    }

    private void* Address(in Instruction instruction)
    {
        long address = _general[instruction.MemoryBase] + (long)instruction.MemoryDisplacement64;
        address += instruction.MemoryIndex is Register.None ? 0 : _general[instruction.MemoryIndex] * instruction.MemoryIndexScale;
        return (void*)address;
    }
}
