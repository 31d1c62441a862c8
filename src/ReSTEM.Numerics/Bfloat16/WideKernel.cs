using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ReSTEM.Numerics;

/// <summary>
/// Tiles by two fused multiply-adds for each pair in 512-bit registers, with the 24 sums of an 8 x 48 tile. Some processors do four of
/// them in the time of one VDPBF16PS, which is worth two. Denormals as in <see cref="FusedKernel"/>.
/// </summary>
internal sealed class WideKernel : AssembledPairKernel
{
    private const int FirstOfB = 24, FirstOfA = 27, CountOfA = 4, Upper = 31, RegisterBytes = 64;
    private const int SavedControl = -8, SetControl = -4; // below rsp, in the ABI's red zone
    private const int AllOnes = 0xFF; // of vpternlogd

    internal WideKernel() => TileRoutines(Write);

    /// <summary>Whether the processor and the system have the registers, and they are not switched off.</summary>
    internal static bool IsSupported => Avx512F.X64.IsSupported;

    public override string Name => "512-bit multiply-adds";

    public override bool WidensRows => true;

    public override void Run(in PairTile tile) => CallTile(tile);

    private static void Write(Assembler code, int rows, int vectors)
    {
        var upper = Wide[Upper];
        code.push(rdi);
        code.stmxcsr(__dword_ptr[rsp + SavedControl]);
        code.mov(__dword_ptr[rsp + SetControl], FusedKernel.MaskedAndFlushed);
        code.ldmxcsr(__dword_ptr[rsp + SetControl]);
        code.vpternlogd(upper, upper, upper, AllOnes);
        code.vpslld(upper, upper, 16);
        MoveSums(code, rows, vectors, nameof(PairTile.Initial), nameof(PairTile.InitialRow), (sum, memory) => code.vmovups(sum, memory));
        OpenRows(code);
        code.mov(rdi, Field(nameof(PairTile.Ahead)));
        Label loop = code.CreateLabel();
        code.Label(ref loop);
        code.prefetcht1(__byte_ptr[rsi + rdi]);
        AddHalf(code, rows, vectors, 0, (half, memory) => code.vpandd(half, upper, memory));
        AddHalf(code, rows, vectors, sizeof(float), (half, memory) => code.vpslld(half, memory, 16));
        Next(code, rows, loop);
        code.mov(rdi, __qword_ptr[rsp]);
        MoveSums(code, rows, vectors, nameof(PairTile.C), nameof(PairTile.CRow), (sum, memory) => code.vmovups(memory, sum));
        code.ldmxcsr(__dword_ptr[rsp + SavedControl]);
        code.pop(rdi);
        code.vzeroupper();
    }

    private static AssemblerRegisterZMM Sum(int row, int vector, int vectors) => Wide[(row * vectors) + vector];

    /// <summary>Between registers and the rows of the starts or the results.</summary>
    private static void MoveSums(
        Assembler code, int rows, int vectors, string start, string step, Action<AssemblerRegisterZMM, AssemblerMemoryOperand> move) =>
        ForRows(code, start, step, rows, row =>
        {
            for (int vector = 0; vector < vectors; vector++)
            {
                move(Sum(row, vector, vectors), __zmmword_ptr[r8 + (vector * RegisterBytes)]);
            }
        });

    /// <summary>The products of one number of each pair.</summary>
    /// <param name="code">Where to.</param>
    /// <param name="rows">Of the tile.</param>
    /// <param name="vectors">Of the tile.</param>
    /// <param name="offset">Bytes from the pair's place in A to the number.</param>
    /// <param name="widen">Makes float32 of that number of 16 pairs of B.</param>
    private static void AddHalf(Assembler code, int rows, int vectors, int offset, Action<AssemblerRegisterZMM, AssemblerMemoryOperand> widen)
    {
        for (int vector = 0; vector < vectors; vector++)
        {
            widen(Wide[FirstOfB + vector], __zmmword_ptr[rsi + (vector * RegisterBytes)]);
        }

        for (int row = 0; row < rows; row++)
        {
            var number = Wide[FirstOfA + (row % CountOfA)];
            code.vbroadcastss(number, Row(row, offset));
            for (int vector = 0; vector < vectors; vector++)
            {
                code.vfmadd231ps(Sum(row, vector, vectors), number, Wide[FirstOfB + vector]);
            }
        }
    }
}
