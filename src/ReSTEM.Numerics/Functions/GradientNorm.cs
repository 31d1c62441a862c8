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
        int index = 0;
        for (; index <= x.Length - Lanes.Count; index += Lanes.Count)
        {
            Add(Vector512.Create(x.Slice(index, Lanes.Count)), ref low, ref high);
        }

        if (index < x.Length)
        {
            Add(Lanes.Load(x[index..]), ref low, ref high);
        }

        var eight = low + high;
        double sum = 0;
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
        {
            sum += eight.GetElement(lane);
        }

        return sum;
    }

    private static void Add(Vector512<float> x, ref Vector512<double> low, ref Vector512<double> high)
    {
        var (first, second) = Vector512.Widen(x);
        low = Vector512.FusedMultiplyAdd(first, first, low);
        high = Vector512.FusedMultiplyAdd(second, second, high);
    }
}
