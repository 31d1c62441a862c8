using Iced.Intel;

namespace ReSTEM.Numerics;

/// <summary>Routines of x86-64, each on a boundary of 64 bytes, in memory that is written once and then executed.</summary>
internal abstract unsafe class AssembledCode
{
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

    /// <summary>Where a routine that was placed begins.</summary>
    protected nint Address(int routine) => (nint)(_memory + _offsets[routine]);
}
