using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Plugins;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>Engines and what they compute on, in lines.</summary>
internal static class EngineLines
{
    /// <summary>A line for an engine that cannot promise equal bits; none for one that can.</summary>
    internal static IEnumerable<string> Of(EngineFingerprint engine) => engine.Deterministic
        ? []
        : [$"note: {engine.Name} ({engine.Version}) does not promise the same bits again: the same command may draw other samples, and end with another digest."];

    /// <summary>How an engine is installed, and what mends it.</summary>
    internal static string Of(EngineInstallation found) => found.State switch
    {
        EngineState.Ready => $"installed: {found.Library}",
        EngineState.Absent => $"not installed ({found.Kind.Library}, {Megabytes(found.Kind.DownloadBytes)} to load, {Megabytes(found.Kind.InstalledBytes)} on disk): {found.Kind.AddCommand}",
        _ => $"CANNOT BE USED: {found.Fault}; {found.Remedy}",
    };

    /// <summary>A device with its memory and numbers.</summary>
    internal static string Of(EngineDevice device) =>
        $"{device.Name} ({device.Description}): {Gibibytes(device.FreeBytes)} free of {Gibibytes(device.MemoryBytes)}; {string.Join(", ", device.Dtypes.Select(EngineNames.Of))}";

    private static string Megabytes(long bytes) => (bytes / 1_000_000).ToString("N0", CultureInfo.InvariantCulture) + " MB";

    private static string Gibibytes(long bytes) => (bytes / (double)(1L << 30)).ToString("F1", CultureInfo.InvariantCulture) + " GiB";
}
