using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>The L2 norm of a long vector, in an order that does not depend on the threads.</summary>
public static class GradientNorm
{
    private const int BlockLength = 1 << 14;

    /// <summary><c>sqrt(sum_i x[i]^2)</c>: blocks of 16384 with double accumulators, then the blocks in order.</summary>
    public static double L2(FloatBuffer x, WorkerPool pool)
    {
        var sums = new double[(x.Length + BlockLength - 1) / BlockLength];
        pool.For(sums.Length, block =>
        {
            int start = block * BlockLength;
            sums[block] = SumOfSquares(x.Slice(start, Math.Min(BlockLength, x.Length - start)));
        });
        double total = 0;
        foreach (double sum in sums)
        {
            total += sum;
        }

        return Math.Sqrt(total);
    }

    private static double SumOfSquares(ReadOnlySpan<float> x)
    {
        Vector512<double> low = default, high = default;
        for (int index = 0; index < x.Length; index += Lanes.Count)
        {
            var (first, second) = Vector512.Widen(Lanes.Load(x, index));
            low = Vector512.FusedMultiplyAdd(first, first, low);
            high = Vector512.FusedMultiplyAdd(second, second, high);
        }

        var eight = low + high;
        double sum = 0;
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
        {
            sum += eight.GetElement(lane);
        }

        return sum;
    }
}
