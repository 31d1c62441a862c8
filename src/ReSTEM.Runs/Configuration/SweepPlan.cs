using System.Globalization;

namespace ReSTEM.Runs;

/// <summary>A sweep before it begins: every configuration read and checked, and none of them the same as another.</summary>
public sealed class SweepPlan
{
    private readonly string[] _set;

    private SweepPlan(SweepConfig config, IReadOnlyList<SweepRow> rows) => (Config, Rows, _set) = (config, rows, [.. config.Set]);

    /// <summary>The configuration as it was read.</summary>
    public SweepConfig Config { get; }

    /// <summary>What is run with every seed; the others are compared with the first.</summary>
    public IReadOnlyList<SweepRow> Rows { get; }

    /// <summary>Folder of all runs, below the current folder.</summary>
    public string Folder => Path.Combine("runs", Config.Name);

    /// <summary>Folder of one run.</summary>
    public string FolderOf(SweepRow row, int seed) => Path.Combine(Folder, NameOf(row, seed));

    /// <summary>Name of one run.</summary>
    public static string NameOf(SweepRow row, int seed) => string.Create(CultureInfo.InvariantCulture, $"{row.Name}-seed{seed}");

    /// <summary>Reads a sweep and the configurations of all its runs.</summary>
    /// <param name="path">A YAML file.</param>
    /// <param name="overrides">Of the sweep's own keys, <c>key.path=value</c>.</param>
    /// <exception cref="ConfigException">The sweep, or the configuration of one of its runs, cannot be used.</exception>
    public static SweepPlan Read(string path, IReadOnlyList<string> overrides)
    {
        var (config, placeOf) = ConfigFile.ReadPlaced<SweepConfig>(path, overrides, SweepRules.Apply);
        string home = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string basis = Shown(home, config.Base);
        SweepRow[] rows =
        [
            new(SweepRules.BaseName, basis, [], "", "base"),
            .. config.Overlays.Select(entry => new SweepRow(
                entry.Key, entry.Value.Config.Length > 0 ? Shown(home, entry.Value.Config) : basis, entry.Value.Set, entry.Value.Teacher, $"overlays.{entry.Key}")),
        ];
        var plan = new SweepPlan(config, rows);
        List<ConfigIssue> issues = [];
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (SweepRow row in rows)
        {
            try
            {
                plan.Check(row, basis, known);
            }
            catch (ConfigException fault)
            {
                issues.AddRange(fault.Issues.Select(issue => new ConfigIssue(placeOf(row.Key), $"{row.Key}: {issue}")));
            }
        }

        return issues.Count == 0 ? plan : throw new ConfigException(issues);
    }

    /// <summary>The plan of one run, with its problems.</summary>
    /// <param name="row">Which configuration.</param>
    /// <param name="seed">Which seed.</param>
    /// <param name="teacher">Folder of the row's teacher; null for none.</param>
    /// <param name="watch">Watches.</param>
    /// <exception cref="ConfigException">A problem set cannot be used.</exception>
    public RunPlan PlanOf(SweepRow row, int seed, string? teacher, LoadWatch watch) => RunPlan
        .Read(row.Config, [.. OverridesOf(row, seed), .. teacher is null ? (string[])[] : [$"e_step.policy={Path.GetFullPath(teacher)}"]], watch)
        .In(FolderOf(row, seed));

    private string[] OverridesOf(SweepRow row, int seed) =>
        [.. _set, .. row.Set, $"name={NameOf(row, seed)}", string.Create(CultureInfo.InvariantCulture, $"seed={seed}")];

    private void Check(SweepRow row, string basis, Dictionary<string, string> known)
    {
        RunConfig config = ConfigFile.Read<RunConfig>(row.Config, OverridesOf(row, Config.Seeds[0]), RunConfigRules.Apply);
        ConfigSources own = ConfigFile.SourcesOf(row.Config, []);
        string[] files = [.. ConfigFile.SourcesOf(basis, []).Files.Select(Path.GetFullPath)];
        if (!own.Files.Select(Path.GetFullPath).Contains(files[0]))
        {
            throw Fault(row.Config, $"the file does not extend {basis}, expected it to, so that the table shows what it changes.");
        }

        if (own.Values.FirstOrDefault(value => value.Path == "seed" && !files.Contains(Path.GetFullPath(FileOf(value.Place)))) is { } seed)
        {
            throw Fault(seed.Place, $"seed is {seed.Value}, which the sweep says of each of its runs (seeds); leave it out.");
        }

        if (row.Teacher.Length > 0 && config.EStep.Policy.Length > 0)
        {
            throw Fault(row.Config, $"e_step.policy is '{config.EStep.Policy}' and teacher '{row.Teacher}', expected one of them.");
        }

        string what = ConfigWriter.Write(config, "name") + row.Teacher;
        if (!known.TryAdd(what, row.Name))
        {
            throw Fault(row.Config, $"'{row.Name}' is the same configuration as '{known[what]}', expected each to differ from all others.");
        }
    }

    private static string FileOf(string place) => place.Split(':')[0];

    private static ConfigException Fault(string place, string message) => new([new ConfigIssue(place, message)]);

    private static string Shown(string home, string path) => Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(home, path));
}

/// <summary>A configuration that a sweep runs with every seed.</summary>
/// <param name="Name">In the table, and before the seed in the names of its runs.</param>
/// <param name="Config">The file.</param>
/// <param name="Set">Keys over those of the file.</param>
/// <param name="Teacher">Name of the row whose result it samples; empty for none.</param>
/// <param name="Key">Key path in the sweep.</param>
public sealed record SweepRow(string Name, string Config, IReadOnlyList<string> Set, string Teacher, string Key);
