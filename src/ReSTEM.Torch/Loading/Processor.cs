using ReSTEM.Core;

namespace ReSTEM.Torch;

/// <summary>The processor as a device.</summary>
internal static class Processor
{
    private static readonly string[] Widest = ["amx_bf16", "avx512_bf16", "avx512f", "avx2"]; // kernels are chosen by these

    /// <summary><c>cpu</c> with the widest instructions that kernels are chosen by.</summary>
    internal static string Kind
    {
        get
        {
            string[] flags = Line("/proc/cpuinfo", "flags").Split(' ');
            return Array.Find(Widest, flags.Contains) is { } widest ? $"cpu {widest}" : "cpu";
        }
    }

    /// <summary>With the memory that this process may use.</summary>
    internal static EngineDevice Device
    {
        get
        {
            long all = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            string free = Line("/proc/meminfo", "MemAvailable").Split(' ')[0];
            long bytes = long.TryParse(free, out long kilobytes) ? Math.Min(all, kilobytes << 10) : all;
            return new EngineDevice("cpu", Line("/proc/cpuinfo", "model name"), all, bytes, [EngineDtype.Float32, EngineDtype.Bfloat16]);
        }
    }

    private static string Line(string file, string key) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "";
}
