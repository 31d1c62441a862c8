using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ReSTEM.Numerics;

/// <summary>
/// Tiles by two fused multiply-adds for each pair, in 256-bit registers, for processors without VDPBF16PS. The control word MXCSR is set
/// for the length of a routine to what that instruction always does: denormals are zeros, coming in and going out. .NET has no call
/// for that, and flushing by comparison would cost more than the products.
/// </summary>
internal sealed class FusedKernel : AssembledPairKernel
{
    /// <summary>MXCSR for the length of a routine: no traps, nearest; flush to zero; denormals are zeros.</summary>
    internal const int MaskedAndFlushed = 0x1F80 | 0x8000 | 0x0040;

    private const int RegisterBytes = 32, FewRows = 2, ManyRows = 4, NarrowVectors = 2;
    private const int SavedControl = -8, SetControl = -4; // below rsp, in the ABI's red zone

    private static readonly AssemblerRegisterYMM[] Registers =
    [
        ymm0, ymm1, ymm2, ymm3, ymm4, ymm5, ymm6, ymm7, ymm8, ymm9, ymm10, ymm11, ymm12, ymm13, ymm14, ymm15,
    ];

    private readonly int[] _whole = new int[(FewRows + 1) * (Tile.MaxVectors + 1)]; // of a tile's width, by rows and its registers of 16
    private readonly int[] _narrow = new int[ManyRows + 1]; // of 16 columns, by rows

    internal FusedKernel()
    {
        for (int rows = 1; rows <= FewRows; rows++)
        {
            foreach (int vectors in new[] { 2, Tile.MaxVectors })
            {
                int count = rows;
                _whole[(rows * (Tile.MaxVectors + 1)) + vectors] = Routine(code => Write(code, count, 2 * vectors));
            }
        }

        for (int rows = FewRows + 1; rows <= ManyRows; rows++)
        {
            int count = rows;
            _narrow[rows] = Routine(code => Write(code, count, NarrowVectors));
        }
    }

    /// <summary>Whether the processor and the system have the registers and the multiply-add, and neither is switched off.</summary>
    internal static bool IsSupported => Avx2.X64.IsSupported && Fma.X64.IsSupported;

    public override string Name => "256-bit multiply-adds";

    public override bool WidensRows => true;

    public override void Run(in PairTile tile)
    {
        var block = tile;
        for (int row = 0; row < tile.Rows; row += ManyRows)
        {
            block.Rows = Math.Min(ManyRows, tile.Rows - row);
            RunRows(block);
            unsafe
            {
                block.A += ManyRows * tile.ARow;
                block.Initial += ManyRows * tile.InitialRow;
                block.C += ManyRows * tile.CRow;
            }
        }
    }

    private unsafe void RunRows(PairTile block)
    {
        if (block.Rows <= FewRows)
        {
            Call(_whole[(block.Rows * (Tile.MaxVectors + 1)) + block.Vectors], block);
            return;
        }

        for (int vector = 0; vector < block.Vectors; vector++)
        {
            Call(_narrow[block.Rows], block);
            block.B += Tile.VectorWidth;
            block.Initial += Tile.VectorWidth * sizeof(float);
            block.C += Tile.VectorWidth * sizeof(float);
        }
    }

    private static void Write(Assembler code, int rows, int vectors)
    {
        AssemblerRegisterYMM Sum(int row, int vector) => Registers[(row * vectors) + vector];
        AssemblerRegisterYMM Number(int row) => Registers[(rows * vectors) + row];
        AssemblerRegisterYMM weights = ymm14, upper = ymm15;
        void Add(int row, int vector) => code.vfmadd231ps(Sum(row, vector), Number(row), weights);

        code.stmxcsr(__dword_ptr[rsp + SavedControl]);
        code.mov(__dword_ptr[rsp + SetControl], MaskedAndFlushed);
        code.ldmxcsr(__dword_ptr[rsp + SetControl]);
        code.vpcmpeqd(upper, upper, upper);
        code.vpslld(upper, upper, 16);
        ForRows(code, nameof(PairTile.Initial), nameof(PairTile.InitialRow), rows, row =>
        {
            for (int vector = 0; vector < vectors; vector++)
            {
                code.vmovups(Sum(row, vector), __ymmword_ptr[r8 + (vector * RegisterBytes)]);
            }
        });
        OpenRows(code);
        Label loop = code.CreateLabel();
        code.Label(ref loop);
        Broadcast(code, rows, Number, 0);
        for (int vector = 0; vector < vectors; vector++)
        {
            code.vpand(weights, upper, __ymmword_ptr[rsi + (vector * RegisterBytes)]);
            ForEach(rows, row => Add(row, vector));
        }

        Broadcast(code, rows, Number, sizeof(float));
        for (int vector = 0; vector < vectors; vector++)
        {
            code.vmovdqu(weights, __ymmword_ptr[rsi + (vector * RegisterBytes)]);
            code.vpslld(weights, weights, 16);
            ForEach(rows, row => Add(row, vector));
        }

        Next(code, rows, loop);
        ForRows(code, nameof(PairTile.C), nameof(PairTile.CRow), rows, row =>
        {
            for (int vector = 0; vector < vectors; vector++)
            {
                code.vmovups(__ymmword_ptr[r8 + (vector * RegisterBytes)], Sum(row, vector));
            }
        });
        code.ldmxcsr(__dword_ptr[rsp + SavedControl]);
        code.vzeroupper();
    }

    private static void Broadcast(Assembler code, int rows, Func<int, AssemblerRegisterYMM> number, int offset) =>
        ForEach(rows, row => code.vbroadcastss(number(row), Row(row, offset)));

    private static void ForEach(int rows, Action<int> body)
    {
        for (int row = 0; row < rows; row++)
        {
            body(row);
        }
    }
}
