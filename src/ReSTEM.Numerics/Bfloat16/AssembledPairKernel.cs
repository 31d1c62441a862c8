using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ReSTEM.Numerics;

/// <summary>Tiles of pairs by assembled routines: what they have in common.</summary>
internal abstract class AssembledPairKernel : AssembledKernel<PairTile>, IPairKernel
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract bool WidensRows { get; }

    /// <inheritdoc/>
    public abstract void Run(in PairTile tile);

    /// <summary>Runs the routine for the shape of a tile.</summary>
    protected void CallTile(in PairTile tile) => Call(RoutineOf(tile.Rows, tile.Vectors), tile);

    /// <summary>Loads the addresses of A's rows, and the steps through A and B and the count of pairs into rcx, r11 and rdx.</summary>
    protected static void OpenRows(Assembler code)
    {
        OpenRows(code, nameof(PairTile.A), nameof(PairTile.ARow));
        code.mov(rcx, Field(nameof(PairTile.AStep)));
        code.mov(rsi, Field(nameof(PairTile.B)));
        code.mov(r11, Field(nameof(PairTile.BStep)));
        code.mov(rdx, Field(nameof(PairTile.Pairs)));
    }

    /// <summary>Steps to the next pair and goes on with the loop while there is one.</summary>
    protected static void Next(Assembler code, int rows, Label loop)
    {
        Advance(rows, address => code.add(address, rcx));
        code.add(rsi, r11);
        code.dec(rdx);
        code.jne(loop);
    }
}
