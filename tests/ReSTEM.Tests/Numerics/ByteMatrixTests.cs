using ReSTEM.Numerics;

namespace ReSTEM.Tests;

public sealed class ByteMatrixTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Product_is_the_arithmetic_written_out(bool isPortable)
    {
        // rows around the tile heights, outputs around registers (16) and panels (32, 48), inputs around words (4), blocks (64) and groups (128)
        foreach (var (rows, outDim, inDim) in new[] { (1, 1, 1), (3, 50, 2), (4, 16, 23), (5, 48, 4), (8, 33, 127), (9, 97, 128), (130, 49, 129), (7, 131, 191), (2, 31, 260), (9, 50, 4099) })
        {
            float[] x = KernelData.Random(rows * inDim, 1), w = KernelData.Random(outDim * inDim, 2), bias = KernelData.Random(outDim, 3);
            using var pool = new WorkerPool(2);
            PackedMatrix packed = Matrix(isPortable, outDim, inDim), filled = Matrix(isPortable, outDim, inDim);
            packed.Set(w, pool);
            filled.Fill((first, part) => w.AsSpan(first * inDim, part.Length).CopyTo(part));
            float[] expected = Written(x, w, bias, rows, outDim, inDim);
            foreach (PackedMatrix matrix in new[] { packed, filled })
            {
                var actual = new float[rows * outDim];
                matrix.Multiply(x, rows, actual, pool, bias);
                KernelData.AssertSameBits(expected, actual);
            }

            float[] sums = [.. expected];
            expected = Written(x, w, expected, rows, outDim, inDim);
            packed.MultiplyAdd(x, rows, sums, WorkerPool.Inline);
            KernelData.AssertSameBits(expected, sums);
        }
    }

    [Fact]
    public void Rows_come_back_as_they_were_rounded()
    {
        float[] w = KernelData.Random(50 * 7, 4);
        var packed = new PackedMatrix(50, 7, NumberFormat.Int8);
        packed.Set(w, WorkerPool.Inline);
        for (int row = 0; row < 50; row++)
        {
            var values = new float[7];
            packed.CopyRow(row, values);
            var (integers, scale) = Rounded(w.AsSpan(row * 7, 7));
            KernelData.AssertSameBits([.. integers.Select(integer => integer * scale)], values);
        }
    }

    [Fact]
    public void Products_are_within_two_percent_of_exact_ones_whatever_one_activation_is()
    {
        const int OutDim = 64, InDim = 1024;
        float[] w = KernelData.Random(OutDim * InDim, 5), x = KernelData.Random(InDim, 6);
        Assert.InRange(Error(w, x, OutDim), 0, 0.02);

        // a large activation takes precision from its own group alone; with a weight of 0 nothing of it is in the results
        x[300] = 1000;
        for (int row = 0; row < OutDim; row++)
        {
            w[(row * InDim) + 300] = 0;
        }

        Assert.InRange(Error(w, x, OutDim), 0.02, 0.45); // an eighth of the sum of squares is lost; all of it with one scale for the row
    }

    [Fact]
    public void A_matrix_takes_a_quarter_of_the_memory_and_its_scales() =>
        Assert.Equal((PackedMatrix.Size(96, 64) / 4) + 96, PackedMatrix.Size(96, 64, NumberFormat.Int8));

    private static double Error(float[] w, float[] x, int outDim)
    {
        float[] exact = new float[outDim], rounded = new float[outDim];
        PackedMatrix.Pack(w, outDim, x.Length).Multiply(x, 1, exact, WorkerPool.Inline);
        PackedMatrix.Pack(w, outDim, x.Length, NumberFormat.Int8).Multiply(x, 1, rounded, WorkerPool.Inline);
        return Math.Sqrt(exact.Zip(rounded, (a, b) => ((double)a - b) * ((double)a - b)).Sum() / exact.Sum(a => (double)a * a));
    }

    private static PackedMatrix Matrix(bool isPortable, int outDim, int inDim) =>
        isPortable ? new PackedMatrix(outDim, inDim, new BytePanels(new PortableByteKernel())) : new PackedMatrix(outDim, inDim, NumberFormat.Int8);

    private static (int[] Integers, float Scale) Rounded(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values)
        {
            largest = MathF.Max(largest, MathF.Abs(value));
        }

        var integers = new int[values.Length];
        for (int index = 0; index < values.Length; index++)
        {
            integers[index] = ByteSum.Round(values[index], ByteSum.Inverse(largest));
        }

        return (integers, ByteSum.Scale(largest));
    }

    private static float[] Written(float[] x, float[] w, float[] starts, int rows, int outDim, int inDim)
    {
        var columns = Enumerable.Range(0, outDim).Select(n => Rounded(w.AsSpan(n * inDim, inDim))).ToArray();
        var output = new float[rows * outDim];
        for (int m = 0; m < rows; m++)
        {
            var groups = Enumerable.Range(0, inDim).Chunk(ByteSum.GroupLength).Select(group => Rounded(x.AsSpan((m * inDim) + group[0], group.Length))).ToArray();
            for (int n = 0; n < outDim; n++)
            {
                float chain = 0;
                for (int group = 0; group < groups.Length; group++)
                {
                    int products = 0;
                    for (int k = 0; k < groups[group].Integers.Length; k++)
                    {
                        products += groups[group].Integers[k] * columns[n].Integers[(group * ByteSum.GroupLength) + k];
                    }

                    chain = ByteSum.Add(chain, products, groups[group].Scale);
                }

                output[(m * outDim) + n] = ByteSum.End(chain, columns[n].Scale, starts.Length == outDim ? starts[n] : starts[(m * outDim) + n]);
            }
        }

        return output;
    }
}
