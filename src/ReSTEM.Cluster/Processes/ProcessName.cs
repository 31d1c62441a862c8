using System.Globalization;

namespace ReSTEM.Cluster;

/// <summary>Names a process of this machine for later: by its id and the time at which the system started it.</summary>
internal static class ProcessName
{
    /// <summary>Between two looks.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private const int StartField = 19; // of /proc/PID/stat, after the name: proc(5), field 22

    /// <summary>The name of a process; its time is empty where it has ended.</summary>
    internal static string Of(int process) => string.Create(CultureInfo.InvariantCulture, $"{process} {StartOf(process)}");

    /// <summary>Whether the process of this name still works.</summary>
    internal static bool IsThere(string name) => name.Split(' ') is [_, { Length: > 0 } started] && IdOf(name) is > 0 and var id && StartOf(id) == started;

    /// <summary>The id in a name; 0 for a text that is none.</summary>
    internal static int IdOf(string name) => int.TryParse(name.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0;

    private static string StartOf(int process)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
            string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? "" : fields[StartField];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
