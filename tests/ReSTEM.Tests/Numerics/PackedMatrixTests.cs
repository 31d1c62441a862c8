using ReSTEM.Numerics;

namespace ReSTEM.Tests;

public sealed class PackedMatrixTests
{
    // rows around the tile heights 4 and 8 and the block of 128; outputs around the registers (16) and panels (32, 48)
    public static TheoryData<int, int, int> Shapes()
    {
        var shapes = new TheoryData<int, int, int>();
        foreach (int rows in new[] { 0, 1, 4, 5, 8, 9, 129 })
        {
            foreach (int outDim in new[] { 1, 15, 16, 17, 32, 33, 48, 49, 64, 97, 160 })
            {
                shapes.Add(rows, outDim, 23);
            }
        }

        shapes.Add(3, 50, 1);
        shapes.Add(7, 131, 173);
        shapes.Add(9, 50, 4099); // more than two blocks of inputs
        shapes.Add(130, 49, 2049);
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Product_is_one_fma_chain_per_element(int rows, int outDim, int inDim)
    {
        float[] x = KernelData.Random(rows * inDim, 1), w = KernelData.Random(outDim * inDim, 2), bias = KernelData.Random(outDim, 3);
        var packed = PackedMatrix.Pack(w, outDim, inDim);
        var transposed = new PackedMatrix(outDim, inDim);
        transposed.SetTransposed(Transpose(w, outDim, inDim), WorkerPool.Inline);
        using var pool = new WorkerPool(2);
        var expected = new float[rows * outDim];
        Chains(x, w, bias, expected, outDim, inDim);

        var actual = new float[rows * outDim];
        packed.Multiply(x, rows, actual, WorkerPool.Inline, bias);
        KernelData.AssertSameBits(expected, actual);
        Array.Clear(actual);
        transposed.Multiply(x, rows, actual, pool, bias);
        KernelData.AssertSameBits(expected, actual);

        Chains(x, w, expected, expected, outDim, inDim);
        packed.MultiplyAdd(x, rows, actual, pool);
        KernelData.AssertSameBits(expected, actual);

        Chains(x, w, new float[outDim], expected, outDim, inDim);
        packed.Multiply(x, rows, actual, pool);
        KernelData.AssertSameBits(expected, actual);
    }

    [Theory]
    [InlineData(0, 5, 7)]
    [InlineData(1, 9, 48)]
    [InlineData(13, 17, 33)]
    [InlineData(700, 24, 50)] // more than one block of tokens
    public void Weight_gradient_is_one_chain_in_token_order_over_all_calls(int tokens, int outDim, int inDim)
    {
        float[] dy = KernelData.Random(tokens * outDim, 4), x = KernelData.Random(tokens * inDim, 5);
        float[] expected = KernelData.Random(outDim * inDim, 6);
        float[] actual = [.. expected], inParts = [.. expected];
        using var pool = new WorkerPool(2);
        for (int n = 0; n < outDim; n++)
        {
            for (int k = 0; k < inDim; k++)
            {
                for (int t = 0; t < tokens; t++)
                {
                    expected[(n * inDim) + k] = MathF.FusedMultiplyAdd(
                        dy[(t * outDim) + n], x[(t * inDim) + k], expected[(n * inDim) + k]);
                }
            }
        }

        WeightGradient.Add(dy, x, tokens, actual, outDim, inDim, pool);
        int first = tokens / 3;
        WeightGradient.Add(dy, x, first, inParts, outDim, inDim, WorkerPool.Inline);
        WeightGradient.Add(dy.AsSpan(first * outDim), x.AsSpan(first * inDim), tokens - first, inParts, outDim, inDim, pool);

        KernelData.AssertSameBits(expected, actual);
        KernelData.AssertSameBits(expected, inParts);
    }

    [Fact]
    public void Wrong_shapes_are_refused_with_both_numbers()
    {
        var exception = Assert.Throws<ArgumentException>(() => PackedMatrix.Pack(new float[5], 2, 3));
        Assert.Equal("weights.Length is 5, expected 6 ((long)OutDim * InDim).", exception.Message);
    }

    private static void Chains(float[] x, float[] w, float[] starts, float[] output, int outDim, int inDim)
    {
        for (int index = 0; index < output.Length; index++)
        {
            int m = index / outDim, n = index % outDim;
            float sum = starts[starts.Length == outDim ? n : index];
            for (int k = 0; k < inDim; k++)
            {
                sum = MathF.FusedMultiplyAdd(x[(m * inDim) + k], w[(n * inDim) + k], sum);
            }

            output[index] = sum;
        }
    }

    private static float[] Transpose(float[] w, int rows, int columns) =>
        [.. Enumerable.Range(0, w.Length).Select(index => w[(index % rows * columns) + (index / rows)])];
}
