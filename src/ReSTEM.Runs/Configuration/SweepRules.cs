using System.Text.RegularExpressions;

namespace ReSTEM.Runs;

/// <summary>Rules of a sweep that span several keys.</summary>
internal static partial class SweepRules
{
    /// <summary>Name of the row that the others are compared with.</summary>
    internal const string BaseName = "base";

    private const int MostRuns = 1000;
    private static readonly string[] Given = ["name", "seed"];

    /// <summary>Reports every broken rule as (key path, message).</summary>
    internal static void Apply(SweepConfig config, Action<string, string> fault)
    {
        if (config.Overlays.Count == 0)
        {
            fault("overlays", "overlays is empty, expected at least one; a single configuration is started with restem run.");
        }

        CheckSeeds(config, fault);
        CheckSet("set", config.Set, fault);
        var before = new List<string> { BaseName };
        foreach (var (name, overlay) in config.Overlays)
        {
            CheckOverlay(name, overlay, before, fault);
            before.Add(name);
        }
    }

    private static void CheckSeeds(SweepConfig config, Action<string, string> fault)
    {
        if (config.Seeds.Count == 0 || config.Seeds.Any(seed => seed < 0) || config.Seeds.Distinct().Count() < config.Seeds.Count)
        {
            fault("seeds", $"seeds is [{string.Join(", ", config.Seeds)}], expected at least one, each at least 0 and each once.");
        }

        if ((config.Overlays.Count + 1L) * config.Seeds.Count > MostRuns)
        {
            fault("seeds", $"{config.Overlays.Count + 1} configurations with {config.Seeds.Count} seeds are {(config.Overlays.Count + 1L) * config.Seeds.Count} runs, expected at most {MostRuns}.");
        }
    }

    private static void CheckOverlay(string name, SweepOverlay overlay, List<string> before, Action<string, string> fault)
    {
        string path = $"overlays.{name}";
        if (name == BaseName || !Name().IsMatch(name))
        {
            fault(path, $"{path} is named '{name}', expected letters, digits, '-', '_' and '.', at most 60, and another name than {BaseName}, which the first configuration has.");
        }

        if (overlay.Config.Length == 0 && overlay.Set.Count == 0 && overlay.Teacher.Length == 0)
        {
            fault(path, $"{path} changes nothing, expected config, set or teacher.");
        }

        if (overlay.Teacher.Length > 0 && !before.Contains(overlay.Teacher))
        {
            fault($"{path}.teacher", $"{path}.teacher is '{overlay.Teacher}', expected one that stands before it: {string.Join(", ", before)}.");
        }

        CheckSet($"{path}.set", overlay.Set, fault);
        if (overlay.Teacher.Length > 0 && overlay.Set.Any(text => KeyOf(text) == "e_step.policy"))
        {
            fault($"{path}.set", $"{path} says e_step.policy beside teacher, expected one of them.");
        }
    }

    /// <summary>Keys that are said twice, or that are the sweep's to say.</summary>
    private static void CheckSet(string path, IReadOnlyList<string> set, Action<string, string> fault)
    {
        foreach (string text in set.Where(text => KeyOf(text).Length == 0))
        {
            fault(path, $"{path} holds '{text}', expected key.path=value.");
        }

        foreach (string key in set.Select(KeyOf).Where(Given.Contains))
        {
            fault(path, $"{path} says {key}, which the sweep says of each of its runs{(key == "seed" ? " (seeds)" : "")}; leave it out.");
        }

        foreach (var twice in set.Select(KeyOf).Where(key => key.Length > 0).GroupBy(key => key).Where(key => key.Count() > 1))
        {
            fault(path, $"{path} says {twice.Key} {twice.Count()} times, expected once.");
        }
    }

    private static string KeyOf(string text) => text.IndexOf('=', StringComparison.Ordinal) is > 0 and var end ? text[..end] : "";

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
    private static partial Regex Name();
}
