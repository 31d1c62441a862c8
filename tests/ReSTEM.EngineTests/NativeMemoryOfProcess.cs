namespace ReSTEM.EngineTests;

/// <summary>What of this process lies in memory, libraries' own allocations included.</summary>
internal static class NativeMemoryOfProcess
{
    /// <summary>Resident bytes, after the garbage collector has given back what it holds.</summary>
    internal static long Bytes
    {
        get
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
    }
}
