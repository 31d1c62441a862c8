using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ReSTEM.SandboxBenchmarks;

/// <summary>Makes this machine a worse one for a while; as root, with what Linux has for it.</summary>
internal static class SlowMachine
{
    private const string CpuGroups = "/sys/fs/cgroup/cpu";
    private const int PeriodMicroseconds = 100_000;

    /// <summary>Endless loops that compete for the processors.</summary>
    public static IDisposable Busy(int processes)
    {
        var burners = Enumerable.Range(0, processes).Select(_ => Process.Start("/bin/sh", ["-c", "while :; do :; done"])).ToList();
        return new Undo(() => burners.ForEach(End));
    }

    /// <summary>This process and all it starts get a share of the processors' time: the scheduler stops them for the rest.</summary>
    public static IDisposable Throttled(double share)
    {
        string group = Path.Join(CpuGroups, string.Create(CultureInfo.InvariantCulture, $"restem-slow-{Environment.ProcessId}"));
        string own = File.ReadLines("/proc/self/cgroup").Select(line => line.Split(':', 3)).First(parts => parts[1].Split(',').Contains("cpu"))[2];
        Directory.CreateDirectory(group);
        Write(group, "cpu.cfs_period_us", PeriodMicroseconds);
        Write(group, "cpu.cfs_quota_us", (long)(share * Environment.ProcessorCount * PeriodMicroseconds));
        Write(group, "cgroup.procs", Environment.ProcessId);
        return new Undo(() =>
        {
            Write(Path.Join(CpuGroups, own), "cgroup.procs", Environment.ProcessId);
            Directory.Delete(group);
        });
    }

    /// <summary>Each page fault of the whole machine takes so many microseconds longer.</summary>
    public static IDisposable DearFaults(int microseconds)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "dear-faults", "run"), mark = "begun";
        var start = new ProcessStartInfo(script, [microseconds.ToString(CultureInfo.InvariantCulture), "cat"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        process.StandardInput.WriteLine(mark);
        if (process.StandardOutput.ReadLine() != mark)
        {
            throw new InvalidOperationException($"{script} ended, expected dear page faults; see above.");
        }

        return new Undo(() =>
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        });
    }

    /// <summary>What the first touch of a page costs the kernel now, in microseconds.</summary>
    public static double FaultMicroseconds()
    {
        const int Pages = 65_536; // 256 MiB: with the kernel's clock ticks of 10 ms the error is 0.2 us
        var before = ProcessUse.Of(Environment.ProcessId).Own;
        nint memory = Marshal.AllocHGlobal(Pages * Environment.SystemPageSize); // so much is mapped anew each time
        for (int page = 0; page < Pages; page++)
        {
            Marshal.WriteByte(memory, page * Environment.SystemPageSize, 1);
        }

        Marshal.FreeHGlobal(memory);

        var used = ProcessUse.Of(Environment.ProcessId).Own - before;
        return 1e6 * used.Kernel / Math.Max(1, used.Faults);
    }

    private static void End(Process process)
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private static void Write(string group, string file, long value) =>
        File.WriteAllText(Path.Join(group, file), value.ToString(CultureInfo.InvariantCulture));

    private sealed class Undo(Action undo) : IDisposable
    {
        public void Dispose() => undo();
    }
}
