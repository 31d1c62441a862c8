using ReSTEM.Runs;

namespace ReSTEM.Dashboard;

/// <summary>Finds runs: each place is a run folder, or a folder of run folders.</summary>
internal sealed class RunFinder(IReadOnlyList<string> places)
{
    /// <summary>Places as they were named, for people.</summary>
    internal string Places => string.Join(", ", places);

    /// <summary>The run folders that are there now, those of one place by name.</summary>
    internal IEnumerable<string> Folders() => places.SelectMany(Below).DistinctBy(Path.GetFullPath);

    private static IEnumerable<string> Below(string place)
    {
        if (IsRun(place) || !Directory.Exists(place))
        {
            return IsRun(place) ? [place] : [];
        }

        try
        {
            return [.. Directory.EnumerateDirectories(place).Where(IsRun).Order(StringComparer.Ordinal)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return []; // it went while it was looked at, or may no longer be read: then no run of it is there
        }
    }

    private static bool IsRun(string folder) => File.Exists(Path.Combine(folder, RunLedger.FileName));
}
