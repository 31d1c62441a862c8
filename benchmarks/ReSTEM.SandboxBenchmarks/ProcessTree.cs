using System.Globalization;

namespace ReSTEM.SandboxBenchmarks;

/// <summary>What a set of processes and all below them use, from the host's /proc.</summary>
internal static class ProcessTree
{
    private const double TicksPerSecond = 100;

    /// <summary>Every process below the roots and the roots themselves: id, state, CPU seconds with those of reaped children, resident bytes.</summary>
    public static List<(int Id, char State, double Cpu, long Resident)> Of(IEnumerable<int> roots)
    {
        var all = new Dictionary<int, (int Parent, char State, double Cpu, long Resident)>();
        foreach (string path in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out int id) && Read(path) is { } found)
            {
                all[id] = found;
            }
        }

        var children = all.ToLookup(pair => pair.Value.Parent, pair => pair.Key);
        var tree = new List<(int, char, double, long)>();
        var open = new Queue<int>(roots);
        while (open.TryDequeue(out int id))
        {
            if (all.TryGetValue(id, out var found))
            {
                tree.Add((id, found.State, found.Cpu, found.Resident));
                foreach (int child in children[id])
                {
                    open.Enqueue(child);
                }
            }
        }

        return tree;
    }

    private static (int Parent, char State, double Cpu, long Resident)? Read(string path)
    {
        try
        {
            string stat = File.ReadAllText(path + "/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            long Number(int index) => long.Parse(fields[index], CultureInfo.InvariantCulture);
            double cpu = (Number(11) + Number(12) + Number(13) + Number(14)) / TicksPerSecond;
            return ((int)Number(1), fields[0][0], cpu, Number(21) * Environment.SystemPageSize);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
