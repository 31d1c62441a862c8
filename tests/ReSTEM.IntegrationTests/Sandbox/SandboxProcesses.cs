using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace ReSTEM.IntegrationTests;

/// <summary>Looks at the sandbox from outside, through the host's /proc.</summary>
internal static class SandboxProcesses
{
    /// <summary>Names of all processes below some others.</summary>
    public static IEnumerable<string> BelowWorkers(IEnumerable<int> workers)
    {
        var below = Below(workers);
        return below.Select(process => Read(process)?.Name ?? "").Where(name => name.Length > 0);
    }

    /// <summary>Process ids of all processes below some others, themselves left out.</summary>
    public static List<int> Below(IEnumerable<int> roots)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out int id) ? id : 0)
            .Where(id => id > 0)
            .Select(id => (Id: id, Parent: Read(id)?.Parent ?? 0))
            .ToLookup(pair => pair.Parent, pair => pair.Id);
        var found = new List<int>();
        var open = new Queue<int>(roots);
        while (open.TryDequeue(out int id))
        {
            foreach (int child in parents[id])
            {
                found.Add(child);
                open.Enqueue(child);
            }
        }

        return found;
    }

    /// <summary>Kills one; false when it is gone.</summary>
    public static bool Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            return true;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }

    private static (string Name, int Parent)? Read(int id)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{id}/stat");
            int end = stat.LastIndexOf(')');
            string name = stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..end];
            return (name, int.Parse(stat[(end + 4)..].Split(' ')[0], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
