using ReSTEM.Numerics;

namespace ReSTEM.Tests;

/// <summary>Tiles of every register width compute the same bits; those of 512 bits run in halves where the processor has no such registers.</summary>
public sealed unsafe class TileTests
{
    private const int Width = 4 * Tile.VectorWidth;

    public static TheoryData<int, int, int, int> Shapes()
    {
        var shapes = new TheoryData<int, int, int, int>();
        foreach (int rows in (int[])[1, 2, 3, 4, 5, 7, 8])
        {
            foreach (int vectors in (int[])[1, 2, 3])
            {
                shapes.Add(rows, vectors, 1, vectors * Tile.VectorWidth);
                shapes.Add(rows, vectors, 37, vectors * Tile.VectorWidth);
                shapes.Add(rows, vectors, 37, Width); // a part of wider rows
            }
        }

        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_width_has_the_same_bits(int rows, int vectors, int depth, int bRow)
    {
        float[] expected = Computed(rows, vectors, depth, bRow, static tile => ScalarTile.Run(tile));
        Assert.Equal(expected, Computed(rows, vectors, depth, bRow, static tile => tile.Run()));
        Assert.Equal(expected, Computed(rows, vectors, depth, bRow, static tile => Tile128.Run(tile)));
        Assert.Equal(expected, Computed(rows, vectors, depth, bRow, static tile => Tile256.Run(tile)));
        Assert.Equal(expected, Computed(rows, vectors, depth, bRow, static tile => tile.Run512()));
    }

    private delegate void Way(Tile tile);

    /// <summary>C, with rows beyond the tile's untouched.</summary>
    private static float[] Computed(int rows, int vectors, int depth, int bRow, Way way)
    {
        uint state = 1;
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => ((state = (state * 1_664_525) + 1_013_904_223) >> 8) / (float)(1 << 24) - 0.5f)];
        float[] a = Numbers(8 * depth), initial = Numbers(8 * Width), c = Numbers(8 * Width), b = Numbers(depth * bRow);
        float[] space = new float[(depth * bRow) + Tile.VectorWidth];
        fixed (float* pa = a, ps = initial, pc = c, pb = space)
        {
            float* aligned = (float*)(((nuint)pb + 63) & ~(nuint)63);
            b.CopyTo(new Span<float>(aligned, b.Length));
            way(new Tile
            {
                A = pa,
                ARow = depth,
                AStep = 1,
                B = aligned,
                BRow = bRow,
                Depth = depth,
                Vectors = vectors,
                Initial = ps,
                InitialRow = Width,
                C = pc,
                CRow = Width,
                Rows = rows,
            });
        }

        return c;
    }
}
