using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ReSTEM.Numerics;

/// <summary>Instructions of x86-64 that are assembled when the process first needs them, one routine for each block of a tile.</summary>
/// <typeparam name="TTile">
/// What a routine gets the address of, as the System V ABI has it, in rdi; it keeps no register but rsp. Its fields are read by their offsets.
/// </typeparam>
internal abstract unsafe class AssembledKernel<TTile> : AssembledCode
    where TTile : unmanaged
{
    /// <summary>All registers of 512 bits.</summary>
    protected static readonly AssemblerRegisterZMM[] Wide =
    [
        zmm0, zmm1, zmm2, zmm3, zmm4, zmm5, zmm6, zmm7, zmm8, zmm9, zmm10, zmm11, zmm12, zmm13, zmm14, zmm15,
        zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31,
    ];

    /// <summary>Assembles a routine for each shape of a whole tile, where its sums have room in the registers.</summary>
    /// <param name="write">Of so many rows and registers of 16 columns.</param>
    protected void TileRoutines(Action<Assembler, int, int> write)
    {
        for (int vectors = 2; vectors <= Tile.MaxVectors; vectors++)
        {
            for (int rows = 1; rows <= Tile.MaxRows; rows++)
            {
                Routine(code => write(code, rows, vectors));
            }
        }
    }

    /// <summary>The one of them for a shape.</summary>
    internal static int RoutineOf(int rows, int vectors) => ((vectors - 2) * Tile.MaxRows) + rows - 1;

    /// <summary>Runs a routine.</summary>
    protected void Call(int routine, in TTile tile)
    {
        fixed (TTile* fields = &tile)
        {
            ((delegate* unmanaged[Cdecl, SuppressGCTransition]<TTile*, void>)Address(routine))(fields);
        }
    }

    /// <summary>A field of the tile.</summary>
    protected static AssemblerMemoryOperand Field(string name) => __qword_ptr[rdi + (int)Marshal.OffsetOf<TTile>(name)];

    /// <summary>Loads the addresses of rows 0, 3 and 6 into r8, r9 and r10, and the step between rows into rax.</summary>
    protected static void OpenRows(Assembler code, string start, string step)
    {
        code.mov(r8, Field(start));
        code.mov(rax, Field(step));
        code.lea(r9, rax + (rax * 2));
        code.lea(r10, r8 + (r9 * 2));
        code.add(r9, r8);
    }

    /// <summary>The address of a row of A, 0 to 7, and of a number of bytes from it.</summary>
    protected static AssemblerMemoryOperand Row(int row, int offset = 0)
    {
        var third = row < 3 ? r8 : row < 6 ? r9 : r10;
        return __dword_ptr[(row % 3) switch { 0 => third + offset, 1 => third + rax + offset, _ => third + (rax * 2) + offset }];
    }

    /// <summary>Steps along all rows.</summary>
    /// <param name="rows">Of the tile.</param>
    /// <param name="add">Adds the step to an address.</param>
    protected static void Advance(int rows, Action<AssemblerRegister64> add)
    {
        foreach (var address in new[] { r8, r9, r10 }[..((rows + 2) / 3)])
        {
            add(address);
        }
    }

    /// <summary>Calls back with the address of each row of the starts or the results in r8.</summary>
    protected static void ForRows(Assembler code, string start, string step, int rows, Action<int> row)
    {
        code.mov(r8, Field(start));
        code.mov(rax, Field(step));
        for (int number = 0; number < rows; number++)
        {
            row(number);
            if (number < rows - 1)
            {
                code.add(r8, rax);
            }
        }
    }
}
