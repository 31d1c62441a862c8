using System.Globalization;

namespace ReSTEM.Sandbox;

/// <summary>
/// Where this process may make control groups: version 1 hierarchies, below its own group. They are a second wall around the
/// workers and a bonus: without them every layer holds as well.
/// </summary>
/// <remarks>cgroups(7), "Cgroups version 1"; the kernel's admin-guide/cgroup-v1/memory.rst and pids.rst.</remarks>
public static class ControlGroups
{
    internal const string Memory = "memory";
    internal const string Processes = "pids";
    internal const string Prefix = "restem-";
    private const string Root = "/sys/fs/cgroup";

    // The field of /proc/PID/stat after the name, which is in brackets and may hold anything.
    private const int StartTimeAfterName = 19;
    private static int _count;

    /// <summary>One line: what workers are held in, or why they are not.</summary>
    public static string Describe()
    {
        using var group = WorkerCgroup.TryCreate(new SandboxLimits(), out string refusal);
        return group is null
            ? $"not available, and not needed: {refusal}"
            : "in use: memory and processes of each worker (version 1)";
    }

    /// <summary>Our own group in the hierarchy of a controller.</summary>
    /// <exception cref="IOException">There is none that can be seen from here; the message says why.</exception>
    internal static string OwnFolder(string controller)
    {
        var own = File.ReadLines("/proc/self/cgroup").Select(line => line.Split(':', 3))
            .FirstOrDefault(parts => parts.Length == 3 && parts[1].Split(',').Contains(controller));
        if (own is not null)
        {
            string folder = Path.Join(Root, controller, own[2]);
            return Directory.Exists(folder) ? folder : throw new IOException($"{folder} cannot be seen from here.");
        }

        bool newer = File.Exists(Path.Join(Root, "cgroup.controllers"));
        throw new IOException(newer
            ? $"the {controller} controller belongs to version 2, which is not used."
            : $"the system has no {controller} controller.");
    }

    /// <summary>A name that no other group has, and from which others can tell whether its host is still there.</summary>
    internal static string NewName() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Prefix}{Environment.ProcessId}-{StartTimeOf(Environment.ProcessId.ToString(CultureInfo.InvariantCulture))}-{Interlocked.Increment(ref _count)}");

    /// <summary>Removes the groups that killed hosts left behind. Their workers have died with them, so the groups are empty.</summary>
    internal static void RemoveAbandoned(string parent)
    {
        foreach (string folder in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            string[] parts = Path.GetFileName(folder).Split('-');
            if (parts.Length != 4 || StartTimeOf(parts[1]) != parts[2])
            {
                TryRemove(folder);
            }
        }
    }

    /// <summary>Whether the group is gone; one that has processes stays.</summary>
    internal static bool TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: false);
            return true;
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            return !Directory.Exists(folder);
        }
    }

    private static string StartTimeOf(string processId)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[StartTimeAfterName];
        }
        catch (IOException)
        {
            return ""; // the process is no more
        }
    }
}
