using System.Globalization;

namespace ReSTEM.SandboxBenchmarks;

/// <summary>Page faults and processor time as the kernel counts them.</summary>
/// <param name="Faults">Minor page faults.</param>
/// <param name="User">Seconds in user mode.</param>
/// <param name="Kernel">Seconds in the kernel.</param>
internal readonly record struct ProcessUse(long Faults, double User, double Kernel)
{
    private const double TicksPerSecond = 100;

    public static ProcessUse operator +(ProcessUse one, ProcessUse other) =>
        new(one.Faults + other.Faults, one.User + other.User, one.Kernel + other.Kernel);

    public static ProcessUse operator -(ProcessUse one, ProcessUse other) =>
        new(one.Faults - other.Faults, one.User - other.User, one.Kernel - other.Kernel);

    /// <summary>What a process has used itself, and what its children had that it waited for; from /proc/PID/stat (proc_pid_stat(5)).</summary>
    public static (ProcessUse Own, ProcessUse Children) Of(int id)
    {
        string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long Number(int index) => long.Parse(fields[index], CultureInfo.InvariantCulture);
        return (
            new ProcessUse(Number(7), Number(11) / TicksPerSecond, Number(12) / TicksPerSecond),
            new ProcessUse(Number(8), Number(13) / TicksPerSecond, Number(14) / TicksPerSecond));
    }
}
