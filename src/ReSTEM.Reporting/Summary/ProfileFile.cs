using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>The profile of the last profiled start of a run, in its folder: measured time, so no part of what the run's seed decides.</summary>
public static class ProfileFile
{
    /// <summary>Name below the run folder.</summary>
    public const string Name = "profile.json";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Writes it, whole or not at all.</summary>
    public static void Write(string folder, IReadOnlyList<PhaseProfile> phases) =>
        AtomicFile.WriteText(Path.Combine(folder, Name), JsonSerializer.Serialize(phases, Readable) + "\n");

    /// <summary>Reads it; empty where no start was profiled.</summary>
    /// <exception cref="InvalidDataException">It is no profile.</exception>
    public static IReadOnlyList<PhaseProfile> Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<PhaseProfile[]>(File.ReadAllBytes(path)) ?? [] : [];
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} is no profile ({fault.Message}), expected what restem run --profile writes; delete it.", fault);
        }
    }
}
