using System.Buffers.Binary;
using System.Text;

namespace ReSTEM.Torch;

/// <summary>
/// A shared library of two functions, written byte by byte since no compiler can be counted on. Loaded before libtorch, it gives what some systems
/// lack.
/// </summary>
/// <remarks>ELF-64 for x86-64, as the System V ABI's generic part and its AMD64 supplement have it.</remarks>
internal static class CompatibilityLibrary
{
    internal const string FileName = "librestem_torch.so";

    private const int Page = 0x1000;
    private const int HeaderLength = 64;
    private const int SegmentLength = 56;
    private const int SymbolLength = 24;

    /// <remarks>
    /// std::ios_base_library_init() initialises the standard streams in GCC 13's libstdc++; older ones lack it, and libtorch's own objects do it there.
    /// mkl_serv_intel_cpu_true() answers whether MKL may take its AVX-512 kernels: without it other makers' processors get those for AVX2, which are 2.5
    /// times slower.
    /// </remarks>
    private static readonly (string Name, byte[] Code)[] Functions =
    [
        ("_ZSt21ios_base_library_initv", [0xC3]), // ret
        ("mkl_serv_intel_cpu_true", [0xB8, 1, 0, 0, 0, 0xC3]), // mov eax, 1; ret
    ];

    /// <summary>The file: a page that is read and executed, with all tables, and a page that the loader writes to, with the dynamic section.</summary>
    internal static byte[] Build()
    {
        byte[] names = Names(out int[] nameOffsets, out int fileNameOffset);
        int segments = HeaderLength, symbols = segments + (4 * SegmentLength), strings = symbols + ((Functions.Length + 1) * SymbolLength);
        int hash = Aligned(strings + names.Length), code = Aligned(hash + (4 * (3 + Functions.Length + 1)));
        int end = code + Functions.Sum(static function => function.Code.Length);
        (long Tag, long Value)[] dynamic =
        [
            (14, fileNameOffset), (4, hash), (5, strings), (6, symbols), (10, names.Length), (11, SymbolLength), (0, 0), // SONAME HASH STRTAB SYMTAB STRSZ SYMENT
        ];
        byte[] file = new byte[Page + (16 * dynamic.Length)];
        WriteHeader(file);
        WriteSegment(file, 0, type: 1, flags: 5, offset: 0, length: end, Page); // LOAD, readable and executable
        WriteSegment(file, 1, type: 1, flags: 6, offset: Page, length: 16 * dynamic.Length, Page); // LOAD, readable and writable
        WriteSegment(file, 2, type: 2, flags: 6, offset: Page, length: 16 * dynamic.Length, 8); // DYNAMIC
        WriteSegment(file, 3, type: 0x6474E551, flags: 6, offset: 0, length: 0, 16); // GNU_STACK: no executable stack
        names.CopyTo(file, strings);
        WriteHash(file.AsSpan(hash));
        for (int index = 0; index < Functions.Length; index++)
        {
            byte[] body = Functions[index].Code;
            WriteSymbol(file.AsSpan(symbols + ((index + 1) * SymbolLength)), nameOffsets[index], code, body.Length);
            body.CopyTo(file, code);
            code += body.Length;
        }

        for (int index = 0; index < dynamic.Length; index++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(Page + (16 * index)), dynamic[index].Tag);
            BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(Page + (16 * index) + 8), dynamic[index].Value);
        }

        return file;
    }

    private static int Aligned(int offset) => (offset + 15) / 16 * 16;

    private static byte[] Names(out int[] offsets, out int fileNameOffset)
    {
        var bytes = new List<byte> { 0 };
        offsets = [.. Functions.Select(function => Add(function.Name))];
        fileNameOffset = Add(FileName);
        return [.. bytes];

        int Add(string name)
        {
            int offset = bytes.Count;
            bytes.AddRange(Encoding.ASCII.GetBytes(name));
            bytes.Add(0);
            return offset;
        }
    }

    private static void WriteHeader(Span<byte> file)
    {
        byte[] identity = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]; // 64 bits, little endian, version 1
        identity.CopyTo(file);
        BinaryPrimitives.WriteInt16LittleEndian(file[16..], 3); // shared object
        BinaryPrimitives.WriteInt16LittleEndian(file[18..], 62); // x86-64
        BinaryPrimitives.WriteInt32LittleEndian(file[20..], 1);
        BinaryPrimitives.WriteInt64LittleEndian(file[32..], HeaderLength); // where segments are told
        BinaryPrimitives.WriteInt16LittleEndian(file[52..], HeaderLength);
        BinaryPrimitives.WriteInt16LittleEndian(file[54..], SegmentLength);
        BinaryPrimitives.WriteInt16LittleEndian(file[56..], 4);
        BinaryPrimitives.WriteInt16LittleEndian(file[58..], 64);
    }

    private static void WriteSegment(Span<byte> file, int index, int type, int flags, long offset, long length, long alignment)
    {
        var segment = file[(HeaderLength + (index * SegmentLength))..];
        BinaryPrimitives.WriteInt32LittleEndian(segment, type);
        BinaryPrimitives.WriteInt32LittleEndian(segment[4..], flags);
        long[] numbers = [offset, offset, offset, length, length, alignment]; // in the file, in memory twice, in the file, in memory
        for (int number = 0; number < numbers.Length; number++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(segment[(8 + (8 * number))..], numbers[number]);
        }
    }

    private static void WriteSymbol(Span<byte> symbol, int name, long address, long length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(symbol, name);
        symbol[4] = 0x12; // global function
        BinaryPrimitives.WriteInt16LittleEndian(symbol[6..], 1); // in some section: defined
        BinaryPrimitives.WriteInt64LittleEndian(symbol[8..], address);
        BinaryPrimitives.WriteInt64LittleEndian(symbol[16..], length);
    }

    /// <summary>One bucket, whose chain has all symbols: no hash needs to be computed.</summary>
    private static void WriteHash(Span<byte> hash)
    {
        int symbols = Functions.Length + 1;
        List<int> numbers = [1, symbols, 1, 0];
        for (int symbol = 1; symbol < symbols; symbol++)
        {
            numbers.Add((symbol + 1) % symbols);
        }

        for (int index = 0; index < numbers.Count; index++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(hash[(4 * index)..], numbers[index]);
        }
    }
}
