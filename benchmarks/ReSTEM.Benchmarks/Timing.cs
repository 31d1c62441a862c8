using System.Diagnostics;

namespace ReSTEM.Benchmarks;

/// <summary>Times work on a machine that others may use too.</summary>
internal static class Timing
{
    /// <summary>
    /// Least seconds of many short runs. One thread: processor time, which other programs disturb little; more threads: the clock.
    /// </summary>
    internal static double Best(int threads, int runs, Action run)
    {
        double best = double.PositiveInfinity;
        for (int index = 0; index < runs; index++)
        {
            double start = Now(threads);
            run();
            best = Math.Min(best, Now(threads) - start);
        }

        return best;
    }

    private static double Now(int threads) => threads == 1
        ? Environment.CpuUsage.TotalTime.TotalSeconds
        : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
}
