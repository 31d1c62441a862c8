using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ReSTEM.Numerics;

/// <summary>Instructions of x86-64 that are assembled when the process first needs them, one routine for each block of a tile.</summary>
/// <remarks>A routine gets the address of a <see cref="PairTile"/> as the System V ABI has it, in rdi, and keeps no register but rsp.</remarks>
internal abstract unsafe class AssembledKernel : PairKernel
{
    /// <summary>All registers of 512 bits.</summary>
    protected static readonly AssemblerRegisterZMM[] Wide =
    [
        zmm0, zmm1, zmm2, zmm3, zmm4, zmm5, zmm6, zmm7, zmm8, zmm9, zmm10, zmm11, zmm12, zmm13, zmm14, zmm15,
        zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31,
    ];

    private const int Alignment = 64;
    private readonly List<int> _offsets = [];
    private readonly List<byte> _instructions = [];
    private byte* _memory;

    /// <summary>All routines, one after another.</summary>
    internal byte[] Instructions => [.. _instructions];

    /// <summary>Where each routine begins.</summary>
    internal IReadOnlyList<int> Offsets => _offsets;

    /// <summary>Makes the routines executable; false where the system forbids it.</summary>
    internal bool TryPlace()
    {
        _memory = (byte*)ExecutableMemory.Place(Instructions);
        return _memory != null;
    }

    /// <summary>Assembles a routine and returns its number.</summary>
    protected int Routine(Action<Assembler> write)
    {
        while (_instructions.Count % Alignment != 0)
        {
            _instructions.Add(0xCC); // int3
        }

        _offsets.Add(_instructions.Count);
        var code = new Assembler(64);
        write(code);
        code.ret();
        using var routine = new MemoryStream();
        code.Assemble(new StreamCodeWriter(routine), 0);
        _instructions.AddRange(routine.ToArray());
        return _offsets.Count - 1;
    }

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

    /// <summary>Runs the one of them for the shape of a tile.</summary>
    protected void CallTile(in PairTile tile) => Call(((tile.Vectors - 2) * Tile.MaxRows) + tile.Rows - 1, tile);

    /// <summary>Runs a routine.</summary>
    protected void Call(int routine, in PairTile tile)
    {
        fixed (PairTile* fields = &tile)
        {
            ((delegate* unmanaged[Cdecl, SuppressGCTransition]<PairTile*, void>)(_memory + _offsets[routine]))(fields);
        }
    }

    /// <summary>A field of the tile.</summary>
    protected static AssemblerMemoryOperand Field(string name) => __qword_ptr[rdi + (int)Marshal.OffsetOf<PairTile>(name)];

    /// <summary>Loads the steps through A and B and the addresses of A's rows 0, 3 and 6 into r8, r9 and r10.</summary>
    protected static void OpenRows(Assembler code)
    {
        code.mov(r8, Field(nameof(PairTile.A)));
        code.mov(rax, Field(nameof(PairTile.ARow)));
        code.mov(rcx, Field(nameof(PairTile.AStep)));
        code.mov(rsi, Field(nameof(PairTile.B)));
        code.mov(r11, Field(nameof(PairTile.BStep)));
        code.mov(rdx, Field(nameof(PairTile.Pairs)));
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

    /// <summary>Steps to the next pair and goes on with the loop while there is one.</summary>
    protected static void Next(Assembler code, int rows, Label loop)
    {
        code.add(r8, rcx);
        if (rows > 3)
        {
            code.add(r9, rcx);
        }

        if (rows > 6)
        {
            code.add(r10, rcx);
        }

        code.add(rsi, r11);
        code.dec(rdx);
        code.jne(loop);
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
