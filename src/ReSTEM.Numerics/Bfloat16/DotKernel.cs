using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ReSTEM.Numerics;

/// <summary>Tiles by VDPBF16PS, which .NET has no call for: the 24 sums of an 8 x 48 tile stay in registers while the pairs run.</summary>
internal sealed class DotKernel : AssembledPairKernel
{
    private const int FirstOfB = 24, FirstOfA = 27, CountOfA = 4, RegisterBytes = 64;

    internal DotKernel() => TileRoutines(Write);

    /// <summary>Whether the processor and the system have the instruction, and it is not switched off with AVX-512.</summary>
    internal static bool IsSupported =>
        Avx512F.X64.IsSupported && X86Base.CpuId(7, 0).Eax >= 1 && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;

    public override string Name => "VDPBF16PS";

    public override bool WidensRows => false;

    public override void Run(in PairTile tile) => CallTile(tile);

    private static void Write(Assembler code, int rows, int vectors)
    {
        AssemblerRegisterZMM Sum(int row, int vector) => Wide[(row * vectors) + vector];
        ForRows(code, nameof(PairTile.Initial), nameof(PairTile.InitialRow), rows, row =>
        {
            for (int vector = 0; vector < vectors; vector++)
            {
                code.vmovups(Sum(row, vector), __zmmword_ptr[r8 + (vector * RegisterBytes)]);
            }
        });
        OpenRows(code);
        code.push(rdi);
        code.mov(rdi, Field(nameof(PairTile.Ahead)));
        Label loop = code.CreateLabel();
        code.Label(ref loop);
        code.prefetcht1(__byte_ptr[rsi + rdi]);
        for (int vector = 0; vector < vectors; vector++)
        {
            code.vmovups(Wide[FirstOfB + vector], __zmmword_ptr[rsi + (vector * RegisterBytes)]);
        }

        for (int row = 0; row < rows; row++)
        {
            var pair = Wide[FirstOfA + (row % CountOfA)];
            code.vpbroadcastd(pair, Row(row));
            for (int vector = 0; vector < vectors; vector++)
            {
                code.vdpbf16ps(Sum(row, vector), pair, Wide[FirstOfB + vector]);
            }
        }

        Next(code, rows, loop);
        code.pop(rdi);
        ForRows(code, nameof(PairTile.C), nameof(PairTile.CRow), rows, row =>
        {
            for (int vector = 0; vector < vectors; vector++)
            {
                code.vmovups(__zmmword_ptr[r8 + (vector * RegisterBytes)], Sum(row, vector));
            }
        });
        code.vzeroupper();
    }
}
