using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ReSTEM.Numerics;

/// <summary>Tiles of int8 by what .NET has calls for: four rows of eight columns at a time, or number by number.</summary>
internal sealed unsafe class PortableByteKernel : IByteKernel
{
    private const int Columns = 8, Rows = 4, GroupWords = ByteSum.GroupLength / 4;

    /// <inheritdoc/>
    public string Name => AvxVnni.IsSupported ? "256-bit VPDPBUSD" : Avx2.IsSupported ? "256-bit VPMADDWD" : "plain loops";

    /// <inheritdoc/>
    public void Run(in ByteTile tile)
    {
        new Span<float>(tile.Sums, tile.Rows * tile.Vectors * Tile.VectorWidth).Clear();
        uint* b = tile.B;
        byte* a = tile.A;
        for (nint left = tile.Words; left > 0; left -= GroupWords)
        {
            int words = (int)Math.Min(left, GroupWords);
            if (Avx2.IsSupported)
            {
                RunGroup(tile, a, b, words);
            }
            else
            {
                RunNumbers(tile, a, b, words);
            }

            a += (words + 2) * sizeof(uint);
            b += words * tile.Vectors * Tile.VectorWidth;
        }

        End(tile);
    }

    private static void RunGroup(in ByteTile tile, byte* a, uint* b, int words)
    {
        for (int row = 0; row < tile.Rows; row += Rows)
        {
            for (int column = 0; column < tile.Vectors * Tile.VectorWidth; column += Columns)
            {
                RunBlock(tile, a + (row * tile.ARow), b + column, words, row, column);
            }
        }
    }

    /// <summary>Written out, for the reason of <see cref="Tile512"/>: a loop over rows would keep the sums in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunBlock(in ByteTile tile, byte* a, uint* b, int words, int row, int column)
    {
        int last = tile.Rows - row - 1; // rows that are not there repeat it
        int* a0 = (int*)a, a1 = (int*)(a + (Math.Min(1, last) * tile.ARow));
        int* a2 = (int*)(a + (Math.Min(2, last) * tile.ARow)), a3 = (int*)(a + (Math.Min(3, last) * tile.ARow));
        Vector256<int> c0 = Vector256.Create(*a0), c1 = Vector256.Create(*a1), c2 = Vector256.Create(*a2), c3 = Vector256.Create(*a3);
        int width = tile.Vectors * Tile.VectorWidth;
        for (nint word = 1; word <= words; word++, b += width)
        {
            var weights = Vector256.Load(b);
            if (AvxVnni.IsSupported)
            {
                c0 = AvxVnni.MultiplyWideningAndAdd(c0, weights.AsByte(), Vector256.Create(a0[word]).AsSByte());
                c1 = AvxVnni.MultiplyWideningAndAdd(c1, weights.AsByte(), Vector256.Create(a1[word]).AsSByte());
                c2 = AvxVnni.MultiplyWideningAndAdd(c2, weights.AsByte(), Vector256.Create(a2[word]).AsSByte());
                c3 = AvxVnni.MultiplyWideningAndAdd(c3, weights.AsByte(), Vector256.Create(a3[word]).AsSByte());
                continue;
            }

            Vector256<short> even = (weights & Vector256.Create(0x00FF00FFu)).AsInt16(), odd = (weights.AsUInt16() >> 8).AsInt16();
            c0 += Products(even, odd, a0[word]);
            c1 += Products(even, odd, a1[word]);
            c2 += Products(even, odd, a2[word]);
            c3 += Products(even, odd, a3[word]);
        }

        float* sums = tile.Sums + (row * width) + column;
        Add(sums + (Math.Min(3, last) * width), c3, a3[words + 1], isTaken: last >= 3);
        Add(sums + (Math.Min(2, last) * width), c2, a2[words + 1], isTaken: last >= 2);
        Add(sums + (Math.Min(1, last) * width), c1, a1[words + 1], isTaken: last >= 1);
        Add(sums, c0, a0[words + 1], isTaken: true);
    }

    /// <summary>Of four bytes of each column and of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Products(Vector256<short> even, Vector256<short> odd, int word)
    {
        var row = Vector256.Create(word).AsInt16();
        return Avx2.MultiplyAddAdjacent(even, (row << 8) >> 8) + Avx2.MultiplyAddAdjacent(odd, row >> 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* sums, Vector256<int> products, int scale, bool isTaken)
    {
        if (isTaken)
        {
            var chain = Vector256.FusedMultiplyAdd(
                Vector256.ConvertToSingle(products), Vector256.Create(BitConverter.Int32BitsToSingle(scale)), Vector256.Load(sums));
            Vector256.Store(chain, sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunNumbers(in ByteTile tile, byte* a, uint* b, int words)
    {
        int width = tile.Vectors * Tile.VectorWidth;
        for (int row = 0; row < tile.Rows; row++)
        {
            int* words0 = (int*)(a + (row * tile.ARow));
            for (int column = 0; column < width; column++)
            {
                int products = *words0;
                for (int word = 0; word < words; word++)
                {
                    uint weights = b[(word * width) + column];
                    int numbers = words0[word + 1];
                    for (int number = 0; number < 4; number++, weights >>= 8, numbers >>= 8)
                    {
                        products += (int)(weights & 0xFF) * (sbyte)numbers;
                    }
                }

                float* chain = tile.Sums + (row * width) + column;
                *chain = ByteSum.Add(*chain, products, BitConverter.Int32BitsToSingle(words0[words + 1]));
            }
        }
    }

    private static void End(in ByteTile tile)
    {
        int width = tile.Vectors * Tile.VectorWidth;
        for (int row = 0; row < tile.Rows; row++)
        {
            float* start = (float*)(tile.Initial + (row * tile.InitialRow)), c = (float*)(tile.C + (row * tile.CRow)), sums = tile.Sums + (row * width);
            for (int column = 0; column < width; column += Columns)
            {
                Vector256.Store(
                    Vector256.FusedMultiplyAdd(Vector256.Load(sums + column), Vector256.Load(tile.Scales + column), Vector256.Load(start + column)),
                    c + column);
            }
        }
    }
}
