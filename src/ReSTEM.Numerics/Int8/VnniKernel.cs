using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ReSTEM.Numerics;

/// <summary>
/// Tiles by VPDPBUSD in 512-bit registers, which .NET has no call for: four products of bytes are added to each of 16 sums. The 24 sums of
/// an 8 x 48 tile stay in registers for a group of the row, then go, as float32, into memory that stays in the first cache.
/// </summary>
internal sealed class VnniKernel : AssembledKernel<ByteTile>, IByteKernel
{
    private const int FirstOfB = 24, FirstOfA = 27, CountOfA = 4, RegisterBytes = 64, WordBytes = 4;
    private const int GroupWords = ByteSum.GroupLength / WordBytes;

    internal VnniKernel() => TileRoutines(Write);

    /// <summary>Whether the processor and the system have the instruction, and it is not switched off with AVX-512.</summary>
    internal static bool IsSupported => Avx512F.X64.IsSupported && (X86Base.CpuId(7, 0).Ecx & (1 << 11)) != 0;

    /// <inheritdoc/>
    public string Name => "512-bit VPDPBUSD";

    /// <inheritdoc/>
    public void Run(in ByteTile tile) => Call(RoutineOf(tile.Rows, tile.Vectors), tile);

    private static void Write(Assembler code, int rows, int vectors)
    {
        OpenRows(code, nameof(ByteTile.A), nameof(ByteTile.ARow));
        code.mov(rsi, Field(nameof(ByteTile.B)));
        code.mov(rdx, Field(nameof(ByteTile.Words)));
        code.mov(r11, Field(nameof(ByteTile.Ahead)));
        Clear(code, rows, vectors);
        Label group = code.CreateLabel(), loop = code.CreateLabel();
        code.Label(ref group);
        Start(code, rows, vectors);
        code.mov(rcx, GroupWords);
        code.cmp(rdx, rcx);
        code.cmovb(rcx, rdx);
        code.sub(rdx, rcx);
        code.Label(ref loop);
        MultiplyWord(code, rows, vectors);
        Advance(rows, address => code.add(address, WordBytes));
        code.add(rsi, vectors * RegisterBytes);
        code.dec(rcx);
        code.jne(loop);
        AddGroup(code, rows, vectors);
        Advance(rows, address => code.add(address, 2 * WordBytes)); // the group's scale, and the start of the next
        code.test(rdx, rdx);
        code.jne(group);
        Store(code, rows, vectors);
        code.vzeroupper();
    }

    private static AssemblerRegisterZMM Sum(int row, int vector, int vectors) => Wide[(row * vectors) + vector];

    private static AssemblerMemoryOperand Memory(int row, int vector, int vectors) => __zmmword_ptr[rcx + (((row * vectors) + vector) * RegisterBytes)];

    private static void ForAll(int rows, int vectors, Action<int, int> body)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int vector = 0; vector < vectors; vector++)
            {
                body(row, vector);
            }
        }
    }

    /// <summary>Chains begin with 0.</summary>
    private static void Clear(Assembler code, int rows, int vectors)
    {
        code.mov(rcx, Field(nameof(ByteTile.Sums)));
        code.vpxord(Wide[0], Wide[0], Wide[0]);
        ForAll(rows, vectors, (row, vector) => code.vmovups(Memory(row, vector, vectors), Wide[0]));
    }

    /// <summary>All sums of a row begin with its group's start.</summary>
    private static void Start(Assembler code, int rows, int vectors) => ForAll(rows, vectors, (row, vector) =>
    {
        if (vector == 0)
        {
            code.vpbroadcastd(Sum(row, 0, vectors), Row(row));
        }
        else
        {
            code.vmovdqa32(Sum(row, vector, vectors), Sum(row, 0, vectors));
        }
    });

    private static void MultiplyWord(Assembler code, int rows, int vectors)
    {
        code.prefetcht1(__byte_ptr[rsi + r11]);
        for (int vector = 0; vector < vectors; vector++)
        {
            code.vmovdqu32(Wide[FirstOfB + vector], __zmmword_ptr[rsi + (vector * RegisterBytes)]);
        }

        ForAll(rows, vectors, (row, vector) =>
        {
            var word = Wide[FirstOfA + (row % CountOfA)];
            if (vector == 0)
            {
                code.vpbroadcastd(word, Row(row, WordBytes));
            }

            code.vpdpbusd(Sum(row, vector, vectors), Wide[FirstOfB + vector], word);
        });
    }

    /// <summary>The chains after the group.</summary>
    private static void AddGroup(Assembler code, int rows, int vectors)
    {
        code.mov(rcx, Field(nameof(ByteTile.Sums)));
        ForAll(rows, vectors, (row, vector) =>
        {
            var scale = Wide[FirstOfA + (row % CountOfA)];
            if (vector == 0)
            {
                code.vbroadcastss(scale, Row(row, WordBytes));
            }

            var sum = Sum(row, vector, vectors);
            code.vcvtdq2ps(sum, sum);
            code.vfmadd213ps(sum, scale, Memory(row, vector, vectors));
            code.vmovups(Memory(row, vector, vectors), sum);
        });
    }

    /// <summary>The results of whole chains.</summary>
    private static void Store(Assembler code, int rows, int vectors)
    {
        code.mov(rsi, Field(nameof(ByteTile.Scales)));
        code.mov(r8, Field(nameof(ByteTile.Initial)));
        code.mov(r9, Field(nameof(ByteTile.C)));
        code.mov(rax, Field(nameof(ByteTile.InitialRow)));
        code.mov(rdx, Field(nameof(ByteTile.CRow)));
        for (int vector = 0; vector < vectors; vector++)
        {
            code.vmovups(Wide[FirstOfB + vector], __zmmword_ptr[rsi + (vector * RegisterBytes)]);
        }

        ForAll(rows, vectors, (row, vector) =>
        {
            var chain = Wide[vector];
            code.vmovups(chain, Memory(row, vector, vectors));
            code.vfmadd213ps(chain, Wide[FirstOfB + vector], __zmmword_ptr[r8 + (vector * RegisterBytes)]);
            code.vmovups(__zmmword_ptr[r9 + (vector * RegisterBytes)], chain);
            if (vector == vectors - 1 && row < rows - 1)
            {
                code.add(r8, rax);
                code.add(r9, rdx);
            }
        });
    }
}
