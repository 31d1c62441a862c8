namespace ReSTEM.AnswerBenchmarks;

/// <summary>What a judgement costs in processor time, which other work on the machine disturbs less than the clock.</summary>
internal static class CpuTime
{
    private const int Repetitions = 3;

    /// <summary>The least of three, in milliseconds, and the reason that the last gave; one is enough where it is below <paramref name="enough"/>.</summary>
    internal static (double Milliseconds, string Reason) Least(Func<string> judge, double enough = 0)
    {
        double least = double.MaxValue;
        string reason = "";
        for (int repetition = 0; repetition < Repetitions && least > enough; repetition++)
        {
            var start = Environment.CpuUsage.TotalTime;
            reason = judge();
            least = Math.Min(least, (Environment.CpuUsage.TotalTime - start).TotalMilliseconds);
        }

        return (least, reason);
    }
}
