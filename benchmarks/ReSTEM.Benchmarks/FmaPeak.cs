using System.Runtime.Intrinsics;
using ReSTEM.Numerics;

namespace ReSTEM.Benchmarks;

/// <summary>The most multiply-adds that the machine does when nothing has to be loaded.</summary>
internal static class FmaPeak
{
    private const int Rounds = 600_000;
    private const int Runs = 100;
    private const int Chains = 24;

    /// <summary>GFLOP/s of all threads together: best of many runs of some milliseconds.</summary>
    internal static double Measure(WorkerPool pool)
    {
        double seconds = Timing.Best(pool.ThreadCount, Runs, () => pool.For(pool.ThreadCount, _ => Run(1.0000001f)));
        return 2.0 * pool.ThreadCount * Rounds * Chains * Width / seconds / 1e9;
    }

    private static int Width => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    private static void Run(float factor)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run512(factor);
        }
        else
        {
            Run256(factor);
        }
    }

    private static void Run512(float factor)
    {
        Vector512<float> x = Vector512.Create(factor), y = Vector512.Create(1e-9f);
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int round = 0; round < Rounds * 2; round++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
            k = Vector512.FusedMultiplyAdd(k, x, y);
            l = Vector512.FusedMultiplyAdd(l, x, y);
        }

        _sink = Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    private static void Run256(float factor)
    {
        Vector256<float> x = Vector256.Create(factor), y = Vector256.Create(1e-9f);
        Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int round = 0; round < Rounds * 2; round++)
        {
            a = Vector256.FusedMultiplyAdd(a, x, y);
            b = Vector256.FusedMultiplyAdd(b, x, y);
            c = Vector256.FusedMultiplyAdd(c, x, y);
            d = Vector256.FusedMultiplyAdd(d, x, y);
            e = Vector256.FusedMultiplyAdd(e, x, y);
            f = Vector256.FusedMultiplyAdd(f, x, y);
            g = Vector256.FusedMultiplyAdd(g, x, y);
            h = Vector256.FusedMultiplyAdd(h, x, y);
            i = Vector256.FusedMultiplyAdd(i, x, y);
            j = Vector256.FusedMultiplyAdd(j, x, y);
            k = Vector256.FusedMultiplyAdd(k, x, y);
            l = Vector256.FusedMultiplyAdd(l, x, y);
        }

        _sink = Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    private static volatile float _sink;
}
