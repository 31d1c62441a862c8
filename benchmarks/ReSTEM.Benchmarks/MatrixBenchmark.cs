using ReSTEM.Numerics;

namespace ReSTEM.Benchmarks;

/// <summary>One measured matrix product.</summary>
internal sealed record MatrixResult(string Kind, int Rows, int OutDim, int InDim, int Threads, double GigaflopsPerSecond);

/// <summary>Times matrix kernels.</summary>
internal static class MatrixBenchmark
{
    // fused QKV, attention output, fused gate and up, down, LM head; for the larger one also the gradient of what goes into its head
    internal static readonly (int OutDim, int InDim)[] Quickstart = [(480, 160), (160, 160), (864, 160), (160, 432), (512, 160)];
    internal static readonly (int OutDim, int InDim)[] Smol135 =
        [(960, 576), (576, 576), (3072, 576), (576, 1536), (49152, 576), (576, 49152)];

    internal static MatrixResult Product(int rows, int outDim, int inDim, WorkerPool pool, NumberFormat format = NumberFormat.Float32)
    {
        var packed = new PackedMatrix(outDim, inDim, format);
        packed.Set(Numbers(outDim * inDim), pool);
        float[] input = Numbers(rows * inDim), output = new float[rows * outDim];
        double rate = Rate(pool.ThreadCount, rows, outDim, inDim, () => packed.Multiply(input, rows, output, pool));
        return new MatrixResult("x W^T", rows, outDim, inDim, pool.ThreadCount, rate);
    }

    internal static MatrixResult Gradient(int rows, int outDim, int inDim, WorkerPool pool, NumberFormat format = NumberFormat.Float32)
    {
        float[] input = Numbers(rows * inDim), outputGradient = Numbers(rows * outDim), gradient = new float[outDim * inDim];
        double rate = Rate(pool.ThreadCount, rows, outDim, inDim, () => WeightGradient.Add(
            outputGradient, input, rows, gradient, outDim, inDim, pool, format));
        return new MatrixResult("dY^T x", rows, outDim, inDim, pool.ThreadCount, rate);
    }

    /// <summary>Best of several runs of some milliseconds each, in GFLOP/s.</summary>
    private static double Rate(int threads, int rows, int outDim, int inDim, Action run)
    {
        double flops = 2.0 * rows * outDim * inDim;
        int repeats = (int)Math.Clamp(4e8 / flops, 1, 100_000);
        run();
        double seconds = Timing.Best(threads, flops > 2e9 ? 4 : 20, () =>
        {
            for (int repeat = 0; repeat < repeats; repeat++)
            {
                run();
            }
        });
        return flops * repeats / seconds / 1e9;
    }

    private static float[] Numbers(int count)
    {
        var numbers = new float[count];
        uint state = 1;
        for (int index = 0; index < count; index++)
        {
            state = (state * 1664525) + 1013904223;
            numbers[index] = ((state >> 8) * (2.0f / (1 << 24))) - 1;
        }

        return numbers;
    }
}
