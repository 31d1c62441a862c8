using ReSTEM.Numerics;

namespace ReSTEM.Tests;

public sealed class ByteKernelTests
{
    [Fact]
    public void What_computes_here_has_the_bits_of_the_arithmetic_written_out()
    {
        Assert.Null(ByteKernelCheck.Difference(ByteKernel.Chosen));
        Assert.Null(ByteKernelCheck.Difference(new PortableByteKernel()));
    }

    [Theory]
    [InlineData(0, 0, 0, "row 0, column 0 of 1 x 32")] // nothing at all
    [InlineData(1, 126, 0, "of 1 x 32")] // a product of the ends is not whole
    [InlineData(1, 0, 1, "of 1 x 32")] // the start is left out
    public void A_kernel_that_computes_otherwise_is_found(int factor, int most, int leftOut, string where) =>
        Assert.Contains(where, ByteKernelCheck.Difference(new WrongKernel(factor, most, leftOut == 1)), StringComparison.Ordinal);

    [Fact]
    public void Sums_of_the_largest_products_are_exact()
    {
        // 2048 products of 127 and 127 are 33,032,192, which no float32 sum of single products keeps exactly by way of 16-bit pairs
        var weights = new float[32 * 2048];
        Array.Fill(weights, -127);
        var matrix = PackedMatrix.Pack(weights, 32, 2048, NumberFormat.Int8);
        var row = new float[2048];
        Array.Fill(row, 127);
        var output = new float[32];
        matrix.Multiply(row, 1, output, WorkerPool.Inline);
        Assert.All(output, value => Assert.Equal(-33032192f, value));
    }

    [Fact]
    public void Numbers_are_rounded_to_the_nearest_of_255_steps()
    {
        float[] values = [127, 0.5f, 1.5f, -2.5f, -127, 63.49f, 0];
        var packed = PackedMatrix.Pack(values, 1, values.Length, NumberFormat.Int8);
        var rounded = new float[values.Length];
        packed.CopyRow(0, rounded);
        Assert.Equal([127, 0, 2, -2, -127, 63, 0], rounded); // halfway to even
        Assert.Equal(MemoryOf(values, 0), MemoryOf(values, 1)); // and again with the same scale
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(1e-37f, 0f)] // too small to divide by
    [InlineData(-1e-36f, -1e-36f)]
    public void Rows_of_almost_nothing_are_zeros(float value, float expected)
    {
        var packed = PackedMatrix.Pack([value], 1, 1, NumberFormat.Int8);
        var rounded = new float[1];
        packed.CopyRow(0, rounded);
        Assert.Equal(expected, rounded[0], 1e-42f);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void What_is_no_number_makes_no_number(float value)
    {
        var output = new float[2];
        PackedMatrix.Pack([1, 2, 3, 4, 5, 6], 2, 3, NumberFormat.Int8).Multiply([1, value, 2], 1, output, WorkerPool.Inline);
        Assert.All(output, result => Assert.Equal(float.NaN, result));
        PackedMatrix.Pack([1, 2, value, 4, 5, 6], 2, 3, NumberFormat.Int8).Multiply([1, 1, 2], 1, output, WorkerPool.Inline);
        Assert.Equal(float.NaN, output[0]);
        Assert.NotEqual(float.NaN, output[1]);
    }

    [Fact]
    public void Training_has_no_int8()
    {
        var matrix = new PackedMatrix(4, 4, NumberFormat.Int8);
        Assert.Throws<NotSupportedException>(() => matrix.SetTransposed(new float[16], WorkerPool.Inline));
        Assert.Throws<NotSupportedException>(() => matrix.FillTransposed(static (_, _) => { }));
        Assert.Throws<NotSupportedException>(() => WeightGradient.Add(new float[4], new float[4], 1, new float[16], 4, 4, WorkerPool.Inline, NumberFormat.Int8));
    }

    private static float[] MemoryOf(float[] values, int times)
    {
        float[] rounded = [.. values];
        for (int time = 0; time <= times; time++)
        {
            PackedMatrix.Pack(rounded, 1, values.Length, NumberFormat.Int8).CopyRow(0, rounded);
        }

        return rounded;
    }

    /// <summary>Computes the arithmetic, but for what it is told to do wrong.</summary>
    private sealed unsafe class WrongKernel(int factor, int most, bool leavesStartOut) : IByteKernel
    {
        public string Name => "told";

        public void Run(in ByteTile tile)
        {
            int width = tile.Vectors * Tile.VectorWidth;
            for (int index = 0; index < tile.Rows * width; index++)
            {
                int row = index / width, column = index % width;
                byte* a = tile.A + (row * tile.ARow);
                float chain = 0;
                for (nint word = 0; word < tile.Words; a += 2 * sizeof(int))
                {
                    int products = 0;
                    for (nint end = Math.Min(tile.Words, word + (ByteSum.GroupLength / 4)); word < end; word++, a += sizeof(int))
                    {
                        for (int number = 0; number < 4; number++)
                        {
                            int weight = ((byte*)(tile.B + (word * width) + column))[number] - ByteRounding.Offset;
                            products += ((sbyte*)a)[sizeof(int) + number] * (most > 0 ? Math.Clamp(weight, -most, most) : weight);
                        }
                    }

                    chain = ByteSum.Add(chain, factor * products, ((float*)a)[1]);
                }

                float start = ((float*)(tile.Initial + (row * tile.InitialRow)))[column];
                ((float*)(tile.C + (row * tile.CRow)))[column] = ByteSum.End(chain, tile.Scales[column], leavesStartOut ? 0 : start);
            }
        }
    }
}
