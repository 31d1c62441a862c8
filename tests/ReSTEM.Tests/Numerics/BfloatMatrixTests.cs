using ReSTEM.Numerics;

namespace ReSTEM.Tests;

public sealed class BfloatMatrixTests
{
    /// <summary>Every kernel that runs here, and the instructions of the one that may not, read one by one.</summary>
    public static TheoryData<string> Kernels() => ["portable", "read", "chosen"];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Product_is_one_chain_of_multiply_adds_per_element(string name)
    {
        // rows around the tile heights, outputs around registers (16) and panels (32, 48), odd and even inputs, more than one block of them
        foreach (var (rows, outDim, inDim) in new[] { (1, 1, 1), (3, 50, 2), (4, 16, 23), (5, 48, 7), (8, 33, 24), (9, 97, 3), (130, 49, 5), (7, 131, 173), (9, 50, name == "read" ? 9 : 4099) })
        {
            float[] x = KernelData.Random(rows * inDim, 1), w = KernelData.Random(outDim * inDim, 2), bias = KernelData.Random(outDim, 3);
            using var pool = new WorkerPool(name == "read" ? 1 : 2);
            PackedMatrix packed = Matrix(name, outDim, inDim), transposed = Matrix(name, outDim, inDim), filled = Matrix(name, outDim, inDim);
            packed.Set(w, pool);
            transposed.SetTransposed(Transpose(w, outDim, inDim), pool);
            filled.FillTransposed((first, part) => Transpose(w, outDim, inDim).AsSpan(first * outDim, part.Length).CopyTo(part));
            var expected = new float[rows * outDim];

            Chains(x, w, bias, expected, outDim, inDim);
            foreach (PackedMatrix matrix in new[] { packed, transposed, filled })
            {
                var actual = new float[rows * outDim];
                matrix.Multiply(x, rows, actual, pool, bias);
                KernelData.AssertSameBits(expected, actual);
            }

            float[] sums = [.. expected];
            Chains(x, w, expected, expected, outDim, inDim);
            packed.MultiplyAdd(x, rows, sums, WorkerPool.Inline);
            KernelData.AssertSameBits(expected, sums);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Weight_gradient_is_one_chain_in_token_order_over_all_calls(string name)
    {
        IPairKernel kernel = name switch { "portable" => new PortableKernel(), "read" => new InstructionReader(), _ => BfloatKernel.Chosen };
        foreach (var (tokens, outDim, inDim) in new[] { (0, 5, 7), (1, 9, 48), (13, 17, 33), (6, 80, 20), (name == "read" ? 5 : 700, 24, 50) })
        {
            float[] dy = KernelData.Random(tokens * outDim, 4), x = KernelData.Random(tokens * inDim, 5), expected = KernelData.Random(outDim * inDim, 6);
            float[] actual = [.. expected], inParts = [.. expected];
            for (int index = 0; index < expected.Length; index++)
            {
                int n = index / inDim, k = index % inDim;
                for (int t = 0; t < tokens; t++)
                {
                    expected[index] = PairSum.MultiplyAdd(
                        BfloatRounding.Round(dy[(t * outDim) + n]), BfloatRounding.Round(x[(t * inDim) + k]), expected[index]);
                }
            }

            using var pool = new WorkerPool(name == "read" ? 1 : 2);
            WeightGradient.Add(dy, x, tokens, actual, outDim, inDim, pool, new BfloatPanels(kernel));
            int first = tokens / 3;
            WeightGradient.Add(dy, x, first, inParts, outDim, inDim, WorkerPool.Inline, new BfloatPanels(kernel));
            WeightGradient.Add(
                dy.AsSpan(first * outDim), x.AsSpan(first * inDim), tokens - first, inParts, outDim, inDim, pool, new BfloatPanels(kernel));

            KernelData.AssertSameBits(expected, actual);
            KernelData.AssertSameBits(expected, inParts);
        }
    }

    [Fact]
    public void Rows_come_back_as_they_were_rounded()
    {
        float[] w = KernelData.Random(50 * 7, 4);
        var packed = new PackedMatrix(50, 7, NumberFormat.Bfloat16);
        packed.Fill((first, rows) => w.AsSpan(first * 7, rows.Length).CopyTo(rows));
        for (int row = 0; row < 50; row++)
        {
            var values = new float[7];
            packed.CopyRow(row, values);
            KernelData.AssertSameBits([.. w[(row * 7)..((row + 1) * 7)].Select(BfloatRounding.Round)], values);
        }
    }

    [Fact]
    public void A_matrix_takes_half_the_memory() =>
        Assert.Equal(PackedMatrix.Size(96, 64) / 2, PackedMatrix.Size(96, 64, NumberFormat.Bfloat16));

    private static PackedMatrix Matrix(string name, int outDim, int inDim) => name switch
    {
        "portable" => new PackedMatrix(outDim, inDim, new BfloatPanels(new PortableKernel())),
        "read" => new PackedMatrix(outDim, inDim, new BfloatPanels(new InstructionReader())),
        _ => new PackedMatrix(outDim, inDim, NumberFormat.Bfloat16),
    };

    private static void Chains(float[] x, float[] w, float[] starts, float[] output, int outDim, int inDim)
    {
        for (int index = 0; index < output.Length; index++)
        {
            int m = index / outDim, n = index % outDim;
            float sum = starts[starts.Length == outDim ? n : index];
            for (int k = 0; k < inDim; k++)
            {
                sum = PairSum.MultiplyAdd(BfloatRounding.Round(x[(m * inDim) + k]), BfloatRounding.Round(w[(n * inDim) + k]), sum);
            }

            output[index] = sum;
        }
    }

    private static float[] Transpose(float[] w, int rows, int columns) =>
        [.. Enumerable.Range(0, w.Length).Select(index => w[(index % rows * columns) + (index / rows)])];
}
